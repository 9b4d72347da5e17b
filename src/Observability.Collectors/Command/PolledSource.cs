using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Takes the output of a command again and again and hands on what is in it. Step-driven and never waiting: a run that takes longer than
/// a step is taken up by a later one, and no second run starts before the first has ended, because a stuck driver keeps every further
/// process stuck too. <c>up{job}</c> says whether it answers; a series that is no longer told ends; a bad state that stays is told once.
/// </summary>
internal sealed class PolledSource(
    PolledOptions options, Func<CancellationToken, Task<CommandOutput>> run, Func<string, DateTimeOffset, PolledReading> read,
    (ISampleSink Samples, IEventSink Events, ITopologySink? Topology) sinks, Outside outside)
{
    private readonly ILogger _log = outside.Logs.CreateLogger($"Observability.Collectors.{options.Job}");
    private readonly Dictionary<string, DateTimeOffset> _told = new(StringComparer.Ordinal);
    private readonly LiveSeries _live = new();
    private Dictionary<EntityId, Entity> _entities = [];
    private Task<CommandOutput>? _running;
    private long _startedAt;
    private DateTimeOffset? _next;
    private bool _failing;

    /// <summary>Takes up what has ended, and starts what is due.</summary>
    public Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_running is null && (_next is null || now >= _next))
        {
            _next = now + options.Interval;
            _startedAt = outside.Time.GetTimestamp();
            _running = run(cancellationToken);
        }

        return _running is { IsCompleted: true } ? TakeAsync(now) : Task.CompletedTask;
    }

    private async Task TakeAsync(DateTimeOffset now)
    {
        var output = await _running!;
        _running = null;
        var took = outside.Time.GetElapsedTime(_startedAt);
        var reading = read(output.Text, now);
        var fault = output.Error.Length > 0 ? output.Error : reading.Fault;
        var good = fault.Length == 0;
        Note(good, fault);
        Append(reading.Samples, good, took, now);
        Tell(reading.Events, now);
        if (reading.Shape is { } shape)
            Learn(shape);
        CollectorsMetrics.Reads(options.Job, good);
        if (reading.Refused > 0)
            CollectorsMetrics.Refused(options.Job, "document", reading.Refused);
    }

    private void Append(IReadOnlyList<SeriesSample> samples, bool good, TimeSpan took, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        var all = _live.See(samples, now, out var isNew);
        var own = LabelSet.Of(("job", options.Job), ("node", options.Node), ("instance", options.Instance));
        all.Add(new SeriesSample(own.With(LabelSet.MetricNameLabel, "up"), new Sample(at, good ? 1 : 0)));
        all.Add(new SeriesSample(own.With(LabelSet.MetricNameLabel, "scrape_duration_seconds"), new Sample(at, took.TotalSeconds)));
        CollectorsMetrics.Samples(options.Job, samples.Count);
        sinks.Samples.Append(new SampleBatch(options.Job, now, all) { BringsNewSeries = isNew });
    }

    private void Tell(IReadOnlyList<TelemetryEvent> events, DateTimeOffset now)
    {
        var keys = events.Select(found => found.DedupeKey).ToHashSet(StringComparer.Ordinal);
        foreach (var over in _told.Keys.Where(key => !keys.Contains(key)).ToList())
            _told.Remove(over);
        foreach (var found in events)
        {
            if (_told.TryGetValue(found.DedupeKey, out var before) && now - before < options.RepeatAfter)
                continue;
            _told[found.DedupeKey] = now;
            CollectorsMetrics.Events(options.Job);
            sinks.Events.Publish(found);
        }
    }

    // What is no longer listed is a fault, not a change of shape: nothing is ever removed here.
    private void Learn(TopologyChange seen)
    {
        if (sinks.Topology is null || seen.Entities.All(entity => _entities.TryGetValue(entity.Id, out var known) && known.Equals(entity)))
            return;
        _entities = seen.Entities.ToDictionary(entity => entity.Id);
        sinks.Topology.Apply(seen);
    }

    private void Note(bool good, string error)
    {
        if (good && _failing)
            CollectorsLog.CommandAnswers(_log, options.Instance);
        else if (!good && !_failing)
            CollectorsLog.CommandFailed(_log, options.Instance, error);
        _failing = !good;
    }
}
