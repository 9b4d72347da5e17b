using System.Net.Http.Headers;

namespace Observability.Collectors;

/// <summary>Asks a target for its metrics and refuses what is not metrics.</summary>
internal sealed class ScrapeClient(HttpClient http, TimeProvider time, ScrapeOptions options)
{
    private const string Accept =
        "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    public async Task<ScrapeAnswer> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Accept", Accept);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            request.Headers.TryAddWithoutValidation(
                "X-Prometheus-Scrape-Timeout-Seconds", $"{options.Timeout.TotalSeconds:0.###}");
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return await ReadAsync(response, both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ScrapeAnswer.Failed($"no answer within {options.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or NotSupportedException or InvalidOperationException)
        {
            return ScrapeAnswer.Failed(fault.Message);
        }
    }

    private async Task<ScrapeAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            return ScrapeAnswer.Failed($"the target answered {(int)response.StatusCode} {response.ReasonPhrase}");
        var type = response.Content.Headers.ContentType?.MediaType;
        if (!TryFormat(type, out var format))
            return ScrapeAnswer.Failed($"Content-Type '{type}' is not metrics; serve text/plain or application/openmetrics-text");
        if (response.Content.Headers.ContentLength > options.BodyLimitBytes)
        {
            return ScrapeAnswer.Failed(
                $"the body has {response.Content.Headers.ContentLength} bytes, more than the limit of {options.BodyLimitBytes}", "body_size_limit");
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var encoding = response.Content.Headers.ContentEncoding.LastOrDefault();
        var body = await LimitedBody.ReadAsync(stream, encoding, options.BodyLimitBytes, cancellationToken, response.Content.Headers.ContentLength);
        if (body.Fault == BodyFault.None)
            return new ScrapeAnswer(body, format, ScrapeFault.None);
        body.Dispose();
        return ScrapeAnswer.Failed(body.Error, body.Fault == BodyFault.TooLarge ? "body_size_limit" : "");
    }

    // Old exporters send no type at all.
    private static bool TryFormat(string? type, out ExpositionFormat format)
    {
        format = type == "application/openmetrics-text" ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        return type is null or "text/plain" || format == ExpositionFormat.OpenMetrics;
    }
}
