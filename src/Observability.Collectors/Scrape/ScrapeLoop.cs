using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Scrapes targets when their turn comes. It has no timer of its own: each call to <see cref="RunDueAsync"/> is one step,
/// and the batches of a step reach the sink in the order of the targets, whichever answered first.
/// </summary>
public sealed class ScrapeLoop(
    IReadOnlyList<ITargetSource> sources, ISampleSink sink, ScrapeOptions options, Outside outside) : IDisposable
{
    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Scrape");
    private readonly ScrapeClient _client = new(outside.Http, outside.Time, options);
    private readonly SemaphoreSlim _room = new(options.Concurrency);
    private readonly SortedDictionary<string, TargetScraper> _scrapers = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Task<SampleBatch>> _running = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<ScrapeTarget>[] _known = [.. sources.Select(_ => Array.Empty<ScrapeTarget>())];
    private readonly string[] _sourceErrors = [.. sources.Select(_ => "")];
    private DateTimeOffset? _nextDiscovery;
    private volatile IReadOnlyList<TargetStatus> _targets = [];

    /// <summary>Every target with the outcome of its last scrape, sorted by URL and labels.</summary>
    public IReadOnlyList<TargetStatus> Targets => _targets;

    /// <summary>Turns skipped because the scrape before was still running.</summary>
    public long Skipped { get; private set; }

    /// <summary>Scrapes every target that is due and hands the results on. Not to be called twice at a time.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_nextDiscovery is null || now >= _nextDiscovery)
        {
            _nextDiscovery = now + options.DiscoveryInterval;
            await DiscoverAsync(now, cancellationToken);
        }

        foreach (var (key, scraper) in _scrapers)
        {
            if (!scraper.IsDue(now))
                continue;
            if (_running.ContainsKey(key))
                Skipped++;
            else
                _running[key] = ScrapeAsync(scraper, now, cancellationToken);
        }

        await WaitAsync(cancellationToken);
        await HandOnAsync();
        _targets = [.. _scrapers.Values.Select(scraper => scraper.Status)];
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private async Task<SampleBatch> ScrapeAsync(TargetScraper scraper, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken);
        try
        {
            return await scraper.ScrapeAsync(_client, now, cancellationToken);
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var all = Task.WhenAll(_running.Values);
        try
        {
            await all.WaitAsync(options.StepPatience, outside.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            CollectorsLog.StepIncomplete(_log, _running.Values.Count(task => !task.IsCompleted), options.StepPatience);
        }
    }

    private async Task HandOnAsync()
    {
        foreach (var key in _running.Where(pair => pair.Value.IsCompleted).Select(pair => pair.Key).ToList())
        {
            if (_running.Remove(key, out var done))
                sink.Append(await done);
        }
    }

    private async Task DiscoverAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            var read = await sources[i].ReadAsync(cancellationToken);
            _known[i] = read.Targets ?? _known[i];
            if (read.Error.Length > 0 && read.Error != _sourceErrors[i])
                CollectorsLog.DiscoveryFailed(_log, sources[i].Name, read.Error);
            _sourceErrors[i] = read.Error;
            CollectorsMetrics.Reads("discovery", read.Error.Length == 0);
        }

        Exchange(_known.SelectMany(targets => targets).DistinctBy(target => target.Key).ToList(), now);
        Refuse();
    }

    // As Prometheus has it: which targets are too many nobody can tell, so that all of their source are. One that another source names too is scraped.
    private void Refuse()
    {
        var limit = options.TargetsPerSourceLimit;
        var welcome = _known.Where(targets => limit <= 0 || targets.Count <= limit).SelectMany(targets => targets).Select(target => target.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, scraper) in _scrapers)
        {
            scraper.Refusal = welcome.Contains(key)
                ? ScrapeFault.None
                : new ScrapeFault($"its source names more than {limit} targets, none of which is scraped; raise collect.target_limit or split the source", "target_limit");
        }
    }

    private void Exchange(List<ScrapeTarget> wanted, DateTimeOffset now)
    {
        if (wanted.Count > options.TargetLimit)
        {
            CollectorsLog.TooManyTargets(_log, wanted.Count, options.TargetLimit);
            CollectorsMetrics.Refused("scrape", "target_limit", wanted.Count - options.TargetLimit);
            wanted = [.. wanted.OrderBy(target => target.Key, StringComparer.Ordinal).Take(options.TargetLimit)];
        }

        var keys = wanted.Select(target => target.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _scrapers.Where(pair => !keys.Contains(pair.Key) && !_running.ContainsKey(pair.Key)).ToList())
        {
            _scrapers.Remove(gone.Key);
            sink.Append(gone.Value.End(now));
        }

        foreach (var target in wanted.Where(target => !_scrapers.ContainsKey(target.Key)))
            _scrapers[target.Key] = new TargetScraper(target, options, outside.Time, _log);
    }
}
