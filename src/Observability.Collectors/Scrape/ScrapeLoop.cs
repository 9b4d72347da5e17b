using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Scrapes targets when they are due. Each has its own phase within the interval, derived from its address, so that a
/// fleet is not asked all at once. Results are handed on in the order of the targets, whatever order they came in.
/// </summary>
public sealed class ScrapeLoop(ScrapeOptions options, HttpClient http, ISampleSink sink)
{
    private readonly Lock _gate = new();
    private List<TargetScraper> _targets = [];

    /// <summary>Every target with its last result.</summary>
    public IReadOnlyList<TargetStatus> Targets
    {
        get
        {
            lock (_gate)
                return [.. _targets.Select(target => target.Status)];
        }
    }

    /// <summary>Replaces the targets; known ones keep what they have learnt, vanished ones end their series.</summary>
    public void SetTargets(IEnumerable<ScrapeTarget> targets, DateTimeOffset now)
    {
        List<TargetScraper> gone;
        lock (_gate)
        {
            var known = _targets.ToDictionary(target => target.Target);
            var next = targets.Distinct().Select(target => known.Remove(target, out var same) ? same : new TargetScraper(target, options)).ToList();
            gone = [.. known.Values];
            _targets = next;
        }

        foreach (var target in gone)
            sink.Append(target.End(now));
    }

    /// <summary>Scrapes every target that is due and hands the samples on.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        TargetScraper[] due;
        lock (_gate)
            due = [.. _targets.Where(target => target.IsDue(now))];
        if (due.Length == 0)
            return;
        using var room = new SemaphoreSlim(options.Concurrency);
        var batches = await Task.WhenAll(due.Select(target => ScrapeAsync(target, room, now, cancellationToken)));
        foreach (var batch in batches)
            sink.Append(batch);
    }

    private async Task<SampleBatch> ScrapeAsync(TargetScraper target, SemaphoreSlim room, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await room.WaitAsync(cancellationToken);
        try
        {
            return await target.ScrapeAsync(http, now, cancellationToken);
        }
        finally
        {
            room.Release();
        }
    }
}
