using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>One target: its schedule, its reader, and which of its series were there last time.</summary>
internal sealed class TargetScraper
{
    private readonly ScrapeOptions _options;
    private readonly ExpositionReader _reader;
    private readonly long _phase;
    private long _lastSlot = long.MinValue;
    private HashSet<LabelSet> _seen = [];

    public TargetScraper(ScrapeTarget target, ScrapeOptions options)
    {
        Target = target;
        _options = options;
        _reader = new ExpositionReader(target.Labels);
        // By what the target is, not by where it listens: an exporter that comes back on another port keeps its place.
        var identity = target.Labels.Without("instance").With("path", target.Url.AbsolutePath);
        _phase = (long)(identity.Fingerprint() % (ulong)options.Interval.Ticks);
        Status = new TargetStatus(target, "unknown", null, "", 0, TimeSpan.Zero);
    }

    public ScrapeTarget Target { get; }

    public TargetStatus Status { get; private set; }

    /// <summary>True once per interval, at the target's own phase.</summary>
    public bool IsDue(DateTimeOffset now)
    {
        var slot = (now.UtcTicks - _phase) / _options.Interval.Ticks;
        if (slot <= _lastSlot)
            return false;
        _lastSlot = slot;
        return true;
    }

    /// <summary>Scrapes. A failure is a batch too: it ends the series and says <c>up 0</c>.</summary>
    public async Task<SampleBatch> ScrapeAsync(HttpClient http, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        string error;
        var samples = new List<SeriesSample>();
        try
        {
            (samples, error) = Accept(await FetchAsync(http, cancellationToken), now);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidDataException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            error = fault is OperationCanceledException ? $"no answer within {_options.Timeout.TotalSeconds:0.#} s" : fault.Message;
        }

        var took = Stopwatch.GetElapsedTime(started);
        CollectorsMetrics.Scrapes.Add(1, new KeyValuePair<string, object?>("outcome", error.Length == 0 ? "ok" : "failed"));
        CollectorsMetrics.Samples.Add(samples.Count, new KeyValuePair<string, object?>("source", "scrape"));
        Status = new TargetStatus(Target, error.Length == 0 ? "up" : "down", now, error, samples.Count, took);
        return Batch(samples, now, error.Length == 0);
    }

    /// <summary>Ends all series of a target that is no longer wanted.</summary>
    public SampleBatch End(DateTimeOffset now)
    {
        var ended = _seen.Select(labels => new SeriesSample(labels, new Sample(now.ToUnixTimeMilliseconds(), StaleMarker.Value))).ToArray();
        _seen = [];
        return new SampleBatch(Target.Url.ToString(), now, ended);
    }

    private SampleBatch Batch(List<SeriesSample> samples, DateTimeOffset now, bool isUp)
    {
        var at = now.ToUnixTimeMilliseconds();
        var present = samples.Select(sample => sample.Labels).ToHashSet();
        foreach (var gone in _seen.Where(labels => !present.Contains(labels)))
            samples.Add(new SeriesSample(gone, new Sample(at, StaleMarker.Value)));
        var scraped = present.Count;
        _seen = present;
        samples.Add(Own("up", isUp ? 1 : 0, at));
        samples.Add(Own("scrape_samples_scraped", scraped, at));
        return new SampleBatch(Target.Url.ToString(), now, samples);
    }

    private SeriesSample Own(string name, double value, long at) =>
        new(Target.Labels.With(LabelSet.MetricNameLabel, name), new Sample(at, value));

    private (List<SeriesSample> Samples, string Error) Accept((byte[] Body, string ContentType) answer, DateTimeOffset now)
    {
        var isText = answer.ContentType is "" or "text/plain" or "application/openmetrics-text";
        if (!isText)
            return ([], Refuse("content_type", $"content type '{answer.ContentType}' is not text/plain or application/openmetrics-text"));
        var result = _reader.Read(answer.Body, now, honorTimestamps: false);
        if (result.Refused > 0)
            CollectorsMetrics.Refuse("scrape", "malformed_line", result.Refused);
        if (result.Samples.Count > _options.SampleLimit)
            return ([], Refuse("sample_limit", $"{result.Samples.Count} samples; at most {_options.SampleLimit} are taken"));
        var kept = new List<SeriesSample>(result.Samples.Count);
        var seen = new HashSet<LabelSet>(result.Samples.Count);
        foreach (var sample in result.Samples)
        {
            if (DcgmNames.IsBlank(sample.Labels.MetricName, sample.Sample.Value))
                CollectorsMetrics.Refuse("scrape", "blank_value");
            else if (!seen.Add(sample.Labels))
                CollectorsMetrics.Refuse("scrape", "duplicate_series");
            else
                kept.Add(sample);
        }

        return (kept, "");
    }

    private static string Refuse(string reason, string message)
    {
        CollectorsMetrics.Refuse("scrape", reason);
        return message;
    }

    private async Task<(byte[] Body, string ContentType)> FetchAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, Target.Url);
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3");
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"server returned HTTP status {(int)answer.StatusCode} {answer.ReasonPhrase}");
        await using var raw = await answer.Content.ReadAsStreamAsync(limit.Token);
        await using var stream = answer.Content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        return (await BoundedBody.ReadAsync(stream, _options.MaximumBodyBytes, limit.Token), answer.Content.Headers.ContentType?.MediaType ?? "");
    }
}
