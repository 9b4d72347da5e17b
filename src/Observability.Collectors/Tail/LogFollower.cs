using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// The one way logs are followed, whatever they hold: asks the lists which logs there are, reads what each gained, and
/// gives the lines of a step to their readers in the order of the logs' locations.
/// </summary>
internal sealed class LogFollower(
    LogKind kind, IReadOnlyList<ILogList> lists, Func<LogSource, ILineReader> readerOf, TailOptions options, Outside outside)
{
    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Logs");
    private readonly SortedDictionary<string, Followed> _logs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TailPosition> _resumed = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<LogSource>[] _known = [.. lists.Select(_ => Array.Empty<LogSource>())];
    private DateTimeOffset? _nextList;
    private DateTimeOffset? _nextRead;

    public IReadOnlyList<TailPosition> Positions =>
        [.. _logs.Values.Where(log => log.Position is not null).Select(log => log.Position! with { Known = log.Reader.Known })];

    public void Resume(IEnumerable<TailPosition> positions)
    {
        foreach (var position in positions)
            _resumed[position.Location] = position;
    }

    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_nextRead is { } due && now < due)
            return;
        _nextRead = now + options.Interval;
        if (_nextList is null || now >= _nextList)
        {
            _nextList = now + options.ListInterval;
            await ListAsync(cancellationToken);
        }

        // Nearly always one round: only a log that gained more than a part has more to give.
        Followed[] logs = [.. _logs.Values];
        for (var round = 0; logs.Length > 0 && round < options.PartsPerStep; round++)
            logs = await ReadAsync(logs, now, cancellationToken);
    }

    // Reads a part of each log and gives it to its reader; the logs that have more.
    private async Task<Followed[]> ReadAsync(Followed[] logs, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var reads = new TailRead[logs.Length];
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, logs.Length, bounds, async (i, stop) =>
            reads[i] = await logs[i].Tail.ReadAsync(logs[i].Position, stop));
        for (var i = 0; i < logs.Length; i++)
            Take(logs[i], reads[i], now);
        return [.. logs.Where((_, i) => reads[i].HasMore)];
    }

    private void Take(Followed log, TailRead read, DateTimeOffset now)
    {
        CollectorsMetrics.Reads("log", read.Error.Length == 0);
        if (read.Error.Length > 0)
        {
            if (!log.Failing)
                CollectorsLog.LogUnreadable(_log, log.Source.Location, read.Error);
            log.Failing = true;
            return;
        }

        if (log.Failing)
            CollectorsLog.LogReadable(_log, log.Source.Location);
        log.Failing = false;
        if (read.Cut > 0)
            CollectorsMetrics.Refused("log", "line_too_long", read.Cut);
        log.Position = read.Position;
        log.Reader.Read(read, now);
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < lists.Count; i++)
            _known[i] = await lists[i].ReadAsync(cancellationToken) ?? _known[i];
        var wanted = _known.SelectMany(logs => logs).Where(log => log.Kind == kind)
            .DistinctBy(log => log.Location, StringComparer.Ordinal)
            .OrderBy(log => log.Location, StringComparer.Ordinal).ToList();
        if (wanted.Count > options.LogLimit)
        {
            CollectorsMetrics.Refused("log", "log_limit", wanted.Count - options.LogLimit);
            wanted.RemoveRange(options.LogLimit, wanted.Count - options.LogLimit);
        }

        var keep = wanted.Select(log => log.Location).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _logs.Keys.Where(location => !keep.Contains(location)).ToList())
            _logs.Remove(gone);
        foreach (var source in wanted.Where(source => !_logs.ContainsKey(source.Location)))
        {
            _resumed.Remove(source.Location, out var position);
            var reader = readerOf(source);
            if (position is not null)
                reader.Recall(position.Known);
            _logs[source.Location] = new Followed(source, TailOf(source), reader) { Position = position };
        }
    }

    private ILogTail TailOf(LogSource source) =>
        source.Location.StartsWith("http://", StringComparison.Ordinal) || source.Location.StartsWith("https://", StringComparison.Ordinal)
            ? new HttpTail(source, outside.Http, options, outside.Time)
            : new FileTail(source.Location, options);

    private sealed class Followed(LogSource source, ILogTail tail, ILineReader reader)
    {
        public LogSource Source { get; } = source;

        public ILogTail Tail { get; } = tail;

        public ILineReader Reader { get; } = reader;

        public TailPosition? Position { get; set; }

        public bool Failing { get; set; }
    }
}
