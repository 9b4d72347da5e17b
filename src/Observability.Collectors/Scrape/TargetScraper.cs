using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>One target: its memory of series, its place in the schedule and how it fared.</summary>
internal sealed class TargetScraper
{
    private readonly ScrapeTarget _target;
    private readonly ScrapeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SeriesCache _cache;
    private readonly ExpositionReader _reader;
    private readonly LabelSet[] _own;
    private readonly long _phase;
    private LabelSet? _clock;
    private long? _slot;
    private int _expected;

    // What the cache has learnt has not been handed on yet: at first, and after a scrape that was refused.
    private bool _hasNew = true;

    public TargetScraper(ScrapeTarget target, ScrapeOptions options, TimeProvider time, ILogger log)
    {
        (_target, _options, _time, _log) = (target, options, time, log);
        Status = new TargetStatus(target);
        _cache = new SeriesCache(Shape);
        _reader = new ExpositionReader(_cache);
        _own = [.. ((string[])["up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added"])
            .Select(name => target.Labels.With(LabelSet.MetricNameLabel, name))];
        var interval = Math.Max(1, (long)options.Interval.TotalMilliseconds);
        _phase = (long)(Identity(target).Fingerprint() % (ulong)interval);
    }

    /// <summary>How the last scrape went.</summary>
    public TargetStatus Status { get; private set; }

    /// <summary>Why the target is not to be asked at all; none where it is.</summary>
    public ScrapeFault Refusal { get; set; } = ScrapeFault.None;

    /// <summary>
    /// True once per interval. Targets are spread over the interval by a hash of what they are, the same on every run;
    /// a new target waits for its first turn.
    /// </summary>
    public bool IsDue(DateTimeOffset now)
    {
        var slot = (now.ToUnixTimeMilliseconds() - _phase) / Math.Max(1, (long)_options.Interval.TotalMilliseconds);
        var due = _slot is { } before && slot > before;
        _slot = slot;
        return due;
    }

    /// <summary>Scrapes; the batch always holds <c>up</c>.</summary>
    public async Task<SampleBatch> ScrapeAsync(ScrapeClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        using var answer = Refusal.IsNone ? await client.GetAsync(_target.Url, cancellationToken) : ScrapeAnswer.Failed(Refusal.Text, Refusal.Limit);
        var samples = new List<SeriesSample>(_expected + _own.Length);
        var settings = new ReadSettings(
            answer.Format, now.ToUnixTimeMilliseconds(), HonorTimestamps: false, _options.SampleLimit, _target.HonorLabels ? long.MaxValue : (long)_options.LateAfter.TotalMilliseconds);
        var body = answer.Body is null ? default : answer.Body.Bytes.Span;
        var result = _reader.Read(body, settings, samples);
        _hasNew |= _cache.HasNew;
        var clock = ClockOf(samples, result);
        var fault = answer.Body is null ? answer.Fault : Fault(result, answer.Format);
        var added = 0;
        if (!fault.IsNone)
        {
            // Nothing of a failed scrape is kept: what lived before ends, and a read of nothing forgets what it began.
            samples.Clear();
            AddStale(samples, _cache.Before, now);
            _reader.Read([], settings, []);
        }
        else
        {
            var vanished = AddStale(samples, _cache.Vanished(), now);
            added = _cache.LiveCount - (_cache.BeforeCount - vanished);
        }

        var took = _time.GetElapsedTime(started);
        AddOwn(samples, now, [fault.IsNone ? 1 : 0, took.TotalSeconds, .. Counts(fault.IsNone ? result : new ExpositionResult()), added]);
        Note(now, took, result, fault);
        if (!fault.IsNone)
            return new SampleBatch(_target.Url.AbsoluteUri, now, samples);
        var batch = new SampleBatch(_target.Url.AbsoluteUri, now, samples) { BringsNewSeries = _hasNew, NodeClock = clock, Metadata = [.. result.Metadata.Select(DcgmSpelling.Describe)], Exemplars = result.Exemplars };
        _hasNew = false;
        return batch;
    }

    /// <summary>Ends every series of a target that is no longer scraped, <c>up</c> included.</summary>
    public SampleBatch End(DateTimeOffset now)
    {
        var samples = new List<SeriesSample>();
        AddStale(samples, _cache.Live, now);
        if (Status.LastScrape is not null)
        {
            foreach (var labels in _own)
                samples.Add(new SeriesSample(labels, new Sample(now.ToUnixTimeMilliseconds(), StaleMarker.Value)));
        }

        return new SampleBatch(_target.Url.AbsoluteUri, now, samples);
    }

    // What the target is, not where it listens: an exporter that comes back on another port keeps its place. Where the labels
    // do not tell targets apart, the host has to.
    private static LabelSet Identity(ScrapeTarget target) => target.Labels.Has("node")
        ? target.Labels.Without("instance").With("path", target.Url.AbsolutePath)
        : target.Labels.With("path", target.Url.AbsolutePath);

    private SeriesShape Shape(LabelSet scraped)
    {
        var shape = ExporterSpelling.Shape(scraped);
        var labels = _target.HonorLabels ? _target.Labels.With(shape.Labels) : ScrapeLabels.Attach(shape.Labels, _target.Labels);
        if (_options.MetricRelabel.Count > 0)
        {
            // A series without a name cannot be stored, in Prometheus neither.
            if (RelabelRule.Apply(_options.MetricRelabel, labels) is not { } relabelled || relabelled.MetricName.Length == 0)
                return shape with { Labels = labels, IsDropped = true };
            labels = relabelled;
        }

        if (labels.MetricName == NodeClocks.Metric)
            _clock = labels;
        var fault = LabelLimits.Check(labels, _options);
        return shape with { Labels = labels, Fault = fault.IsNone ? null : fault };
    }

    // Not of an answer with times of its own, nor of another Prometheus: what those say was so a while ago.
    private (string, double)? ClockOf(List<SeriesSample> samples, ExpositionResult result)
    {
        if (_clock is null || result.Stated > 0 || _target.HonorLabels)
            return null;
        foreach (var (labels, sample) in samples)
        {
            if (ReferenceEquals(labels, _clock))
                return (labels["node"], sample.Value);
        }

        return null;
    }

    private ScrapeFault Fault(ExpositionResult result, ExpositionFormat format)
    {
        if (result.OverLimit)
            return new ScrapeFault($"more than {_options.SampleLimit} samples", "sample_limit");
        if (_cache.Fault is { } series)
            return series;
        if (format == ExpositionFormat.OpenMetrics && !result.Ended)
            return new ScrapeFault("the OpenMetrics body does not end with # EOF; it is cut off");
        if (result.Late > 0 && result.Late == result.Scraped - result.Dropped - result.Unknown)
            return new ScrapeFault($"its samples say that they are {result.Oldest.TotalSeconds:0} s old, more than {_options.LateAfter.TotalSeconds:0} s", "late");
        return result.Scraped == 0 && result.RefusedCount > 0
            ? new ScrapeFault($"no line is a sample; {result.Refused[0]}")
            : ScrapeFault.None;
    }

    private static int AddStale(List<SeriesSample> samples, IEnumerable<LabelSet> ended, DateTimeOffset now)
    {
        var marker = new Sample(now.ToUnixTimeMilliseconds(), StaleMarker.Value);
        var before = samples.Count;
        foreach (var labels in ended)
            samples.Add(new SeriesSample(labels, marker));
        return samples.Count - before;
    }

    private static double[] Counts(ExpositionResult result) => [result.Scraped, result.Scraped - result.Unknown - result.Dropped];

    private void AddOwn(List<SeriesSample> samples, DateTimeOffset now, ReadOnlySpan<double> values)
    {
        var at = now.ToUnixTimeMilliseconds();
        for (var i = 0; i < values.Length; i++)
            samples.Add(new SeriesSample(_own[i], new Sample(at, values[i])));
    }

    private void Note(DateTimeOffset now, TimeSpan took, ExpositionResult result, ScrapeFault fault)
    {
        var error = fault.Text;
        var health = error.Length == 0 ? TargetHealth.Up : TargetHealth.Down;
        if (health == TargetHealth.Down && Status.Health != TargetHealth.Down)
            CollectorsLog.TargetDown(_log, _target.Url, error);
        else if (health == TargetHealth.Up && Status.Health == TargetHealth.Down)
            CollectorsLog.TargetUp(_log, _target.Url);
        if (error.Length == 0 && result.RefusedCount > 0 && Status.RefusedLines == 0)
            CollectorsLog.LinesRefused(_log, _target.Url.AbsoluteUri, result.RefusedCount, result.Refused[0].ToString());
        _expected = error.Length == 0 ? result.Scraped : _expected;
        CollectorsMetrics.Reads("scrape", error.Length == 0);
        CollectorsMetrics.Samples("scrape", error.Length == 0 ? _cache.LiveCount : 0);
        if (fault.Limit.Length > 0)
            CollectorsMetrics.Refused("scrape", fault.Limit);
        if (result.RefusedCount > 0)
            CollectorsMetrics.Refused("scrape", "line", result.RefusedCount);
        if (result.Late > 0)
            CollectorsMetrics.Refused("scrape", "late_sample", result.Late);
        if (result.Unknown > 0)
            CollectorsMetrics.Unknown("scrape", result.Unknown);
        Status = new TargetStatus(_target)
        {
            Health = health,
            LastScrape = now,
            LastDuration = took,
            LastError = error,
            Samples = error.Length == 0 ? result.Scraped : 0,
            UnknownValues = result.Unknown,
            RefusedLines = result.RefusedCount,
            Refused = result.Refused,
        };
    }
}
