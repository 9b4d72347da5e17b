using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Observability.Metrics;

/// <summary>
/// Answers PromQL from a server that speaks the Prometheus HTTP API: Prometheus, VictoriaMetrics, Thanos, Mimir.
/// Authentication and time-outs are those of the client that is passed in.
/// </summary>
public sealed class RemoteQueryEngine : IQueryEngine
{
    private readonly HttpClient _client;
    private readonly RemoteQueryOptions _options;

    /// <summary>An engine over <c>api/v1</c> below the client's base address.</summary>
    public RemoteQueryEngine(HttpClient client, RemoteQueryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new RemoteQueryOptions();
    }

    /// <inheritdoc/>
    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        AskAsync("query", [new("query", expression), new("time", Seconds(at))], cancellationToken);

    /// <inheritdoc/>
    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken) =>
        AskAsync(
            "query_range",
            [
                new("query", expression), new("start", Seconds(start)), new("end", Seconds(end)),
                new("step", step.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
            ],
            cancellationToken);

    private async ValueTask<QueryResult> AskAsync(
        string endpoint, KeyValuePair<string, string>[] form, CancellationToken cancellationToken)
    {
        var result = await SendAsync(endpoint, form, cancellationToken);
        MetricsMetrics.CountQuery("remote", result);
        return result;
    }

    private async Task<QueryResult> SendAsync(string endpoint, KeyValuePair<string, string>[] form, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.PathPrefix + "api/v1/" + endpoint) { Content = content };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await ReadAsync(response.StatusCode, new LimitedStream(body, _options.MaxResponseBytes), cancellationToken);
        }
        catch (HttpRequestException fault)
        {
            return QueryResult.Failed("unavailable", $"no answer from {_client.BaseAddress}: {fault.Message}");
        }
        catch (IOException fault)
        {
            return QueryResult.Failed("unavailable", $"answer of {_client.BaseAddress} broke off: {fault.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return QueryResult.Failed("timeout", $"no answer from {_client.BaseAddress} within {_client.Timeout}");
        }
    }

    private static async Task<QueryResult> ReadAsync(HttpStatusCode status, Stream body, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(body, default, cancellationToken);
            return RemoteAnswer.Read(document.RootElement, (int)status);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return QueryResult.Failed("unavailable", $"HTTP {(int)status} with a body that is no Prometheus API answer: {fault.Message}");
        }
    }

    private static string Seconds(DateTimeOffset time) =>
        (time.ToUnixTimeMilliseconds() / 1000m).ToString("0.###", CultureInfo.InvariantCulture);
}
