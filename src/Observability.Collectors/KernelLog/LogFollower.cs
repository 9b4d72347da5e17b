using System.Globalization;
using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Follows logs from where it stopped: files through rotation and truncation, remote logs by position. What was there
/// before the platform first looked is history: it teaches GPU addresses, and nothing fires.
/// </summary>
public sealed class LogFollower(HttpClient http, IEventSink sink)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private readonly List<Followed> _logs = [];
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Logs that could not be read at the last look.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Adds logs; known ones keep their position.</summary>
    public void SetSources(IEnumerable<LogSource> sources)
    {
        foreach (var source in sources)
        {
            if (!_logs.Exists(log => log.Source == source))
                _logs.Add(new Followed(source, sink));
        }
    }

    /// <summary>Reads what is new, if it is time to look.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _due)
            return;
        _due = now + Interval;
        var texts = await Task.WhenAll(_logs.Select(log => FetchAsync(log, cancellationToken)));
        Unreadable = texts.Count(text => text is null);
        for (var i = 0; i < texts.Length; i++)
        {
            if (texts[i] is { } text)
                _logs[i].Take(text, now);
        }
    }

    private async Task<string?> FetchAsync(Followed log, CancellationToken cancellationToken)
    {
        try
        {
            return log.Source.IsRemote ? await FetchRemoteAsync(log, cancellationToken) : await log.ReadFileAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            CollectorsMetrics.Refuse("log", "unreadable");
            return null;
        }
    }

    private async Task<string?> FetchRemoteAsync(Followed log, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"{log.Source.Location}?after={log.Position}", cancellationToken);
        if (!answer.IsSuccessStatusCode)
            return null;
        log.Learn(
            Header(answer, "X-Boot-Id"),
            long.TryParse(Header(answer, "X-Boot-Time-Unix-Ms"), out var boot) ? DateTimeOffset.FromUnixTimeMilliseconds(boot) : null,
            long.TryParse(Header(answer, "X-Next-Offset"), out var next) ? next : null);
        return await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? values.First() : "";

    private sealed class Followed(LogSource source, IEventSink sink)
    {
        private readonly KernelLogReader _kernel = new(source.Owner, sink);
        private readonly TrainingLogReader _training = new(source.Owner, sink);
        private (string Id, DateTimeOffset? At) _boot = ("", null);
        private DateTimeOffset _firstLook = DateTimeOffset.MaxValue;
        private string _rest = "";

        public LogSource Source { get; } = source;

        public long Position { get; private set; } = source.Kind == "kmsg" ? -1 : 0;

        public void Learn(string bootId, DateTimeOffset? bootAt, long? next)
        {
            if (_boot.Id.Length > 0 && bootId != _boot.Id && Source.Kind == "kmsg")
                Position = -1;
            _boot = (bootId, bootAt);
            if (next is { } offset)
                Position = offset;
        }

        public async Task<string?> ReadFileAsync(CancellationToken cancellationToken)
        {
            await using var stream = new FileStream(Source.Location, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (Position < 0 || stream.Length < Position)
                Position = 0;
            stream.Seek(Position, SeekOrigin.Begin);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var text = await reader.ReadToEndAsync(cancellationToken);
            Position = stream.Length;
            return text;
        }

        public void Take(string text, DateTimeOffset now)
        {
            if (_firstLook == DateTimeOffset.MaxValue)
                _firstLook = now;
            var lines = (_rest + text).Split('\n');
            // The last piece is a line that is still being written.
            _rest = lines[^1].Length > 65_536 ? "" : lines[^1];
            for (var i = 0; i < lines.Length - 1; i++)
                Read(lines[i], now);
        }

        private void Read(string line, DateTimeOffset now)
        {
            if (Source.Kind != "kmsg")
            {
                _training.Read(line, now);
                return;
            }

            var comma = line.IndexOf(',', StringComparison.Ordinal);
            var second = comma < 0 ? -1 : line.IndexOf(',', comma + 1);
            if (Source.IsRemote && second > 0 && long.TryParse(line.AsSpan(comma + 1, second - comma - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                Position = sequence;
            _kernel.Read(line, _boot, now);
        }
    }
}
