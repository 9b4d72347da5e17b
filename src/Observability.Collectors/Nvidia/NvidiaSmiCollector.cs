using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Asks nvidia-smi of this node again and again, for fleets without dcgm-exporter. Step-driven and never waiting: a run that takes
/// longer than a step is taken up by a later one, and no second run starts before the first has ended, because a stuck driver keeps
/// every further process stuck too. <c>up{job="nvidia-smi"}</c> says whether it answers.
/// </summary>
public sealed class NvidiaSmiCollector
{
    private const string Job = "nvidia-smi";
    private static readonly string[] Arguments = ["-q", "-x"];

    private readonly NvidiaSmiOptions _options;
    private readonly ISampleSink _samples;
    private readonly IEventSink _events;
    private readonly ITopologySink? _topology;
    private readonly Func<CancellationToken, Task<CommandOutput>> _run;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);
    private HashSet<LabelSet> _live = [];
    private Dictionary<EntityId, Entity> _entities = [];
    private Task<CommandOutput>? _running;
    private long _startedAt;
    private DateTimeOffset? _next;
    private bool _failing;

    /// <summary>A collector of one node; <paramref name="topology"/> is null where a file tells the fleet's shape.</summary>
    public NvidiaSmiCollector(NvidiaSmiOptions options, ISampleSink samples, IEventSink events, ITopologySink? topology, Outside outside)
        : this(options, samples, events, topology, outside, null)
    {
    }

    internal NvidiaSmiCollector(
        NvidiaSmiOptions options, ISampleSink samples, IEventSink events, ITopologySink? topology, Outside outside,
        Func<CancellationToken, Task<CommandOutput>>? run)
    {
        (_options, _samples, _events, _topology, _time) = (options, samples, events, topology, outside.Time);
        _log = outside.Logs.CreateLogger("Observability.Collectors.NvidiaSmi");
        _run = run ?? RunAsync;
    }

    /// <summary>Takes up what has ended, and starts what is due.</summary>
    public Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_options.Command.Length == 0 && _options.File.Length == 0)
            return Task.CompletedTask;
        if (_running is null && (_next is null || now >= _next))
        {
            _next = now + _options.Interval;
            _startedAt = _time.GetTimestamp();
            _running = _run(cancellationToken);
        }

        return _running is { IsCompleted: true } ? TakeAsync(now) : Task.CompletedTask;
    }

    private async Task TakeAsync(DateTimeOffset now)
    {
        var run = _running!;
        _running = null;
        var output = await run;
        var took = _time.GetElapsedTime(_startedAt);
        var reading = NvidiaSmiReader.Read(output.Text);
        var good = output.Error.Length == 0 && reading.Gpus.Count > 0;
        Note(good, output.Error.Length > 0 ? output.Error : "no GPU is in what it printed");
        var samples = new NvidiaSmiSamples(_options.Node, now);
        // Times it prints lack a zone; what it says is of now.
        samples.Add(reading with { Gpus = [.. reading.Gpus.Select(gpu => gpu with { At = null })] });
        Append(samples.Samples, good, took, now);
        Tell(samples.Events, now);
        if (reading.Gpus.Count > 0)
            Learn(samples.Topology);
        CollectorsMetrics.Reads(Job, good);
        if (reading.Refused.Count > 0)
            CollectorsMetrics.Refused(Job, "document", reading.Refused.Count);
    }

    private void Append(IReadOnlyList<SeriesSample> samples, bool good, TimeSpan took, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var all = new List<SeriesSample>(samples);
        var live = samples.Select(sample => sample.Labels).ToHashSet();
        all.AddRange(_live.Where(before => !live.Contains(before)).Order(LabelSet.Order)
            .Select(gone => new SeriesSample(gone, new Sample(at, StaleMarker.Value))));
        var isNew = live.Any(labels => !_live.Contains(labels));
        _live = live;
        var own = LabelSet.Of(("job", Job), ("node", _options.Node), ("instance", _options.Node));
        all.Add(new SeriesSample(own.With(LabelSet.MetricNameLabel, "up"), new Sample(at, good ? 1 : 0)));
        all.Add(new SeriesSample(own.With(LabelSet.MetricNameLabel, "scrape_duration_seconds"), new Sample(at, took.TotalSeconds)));
        CollectorsMetrics.Samples(Job, samples.Count);
        _samples.Append(new SampleBatch(Job, now, all) { BringsNewSeries = isNew });
    }

    private void Tell(IReadOnlyList<TelemetryEvent> events, DateTimeOffset now)
    {
        var keys = events.Select(found => found.DedupeKey).ToHashSet(StringComparer.Ordinal);
        foreach (var over in _told.Keys.Where(key => !keys.Contains(key)).ToList())
            _told.Remove(over);
        foreach (var found in events)
        {
            if (_told.TryGetValue(found.DedupeKey, out var before) && now - before < _options.RepeatAfter)
                continue;
            _told[found.DedupeKey] = now;
            CollectorsMetrics.Events(Job);
            _events.Publish(found);
        }
    }

    // A GPU that is no longer listed is a fault, not a change of shape: nothing is ever removed here.
    private void Learn(TopologyChange seen)
    {
        if (_topology is null || seen.Entities.All(entity => _entities.TryGetValue(entity.Id, out var known) && known.Equals(entity)))
            return;
        _entities = seen.Entities.ToDictionary(entity => entity.Id);
        _topology.Apply(seen);
    }

    private void Note(bool good, string error)
    {
        if (good && _failing)
            CollectorsLog.CommandAnswers(_log, Job);
        else if (!good && !_failing)
            CollectorsLog.CommandFailed(_log, Job, error);
        _failing = !good;
    }

    private async Task<CommandOutput> RunAsync(CancellationToken cancellationToken)
    {
        if (_options.File.Length == 0)
            return await CommandRun.RunAsync(_options.Command, Arguments, (_options.Timeout, _options.OutputLimit), _time, cancellationToken);
        try
        {
            return new FileInfo(_options.File) is { Exists: true, Length: var length } && length > _options.OutputLimit
                ? new CommandOutput("", $"{_options.File} has {length} bytes, more than the limit of {_options.OutputLimit}")
                : new CommandOutput(await File.ReadAllTextAsync(_options.File, cancellationToken), "");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new CommandOutput("", fault.Message);
        }
    }
}
