using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Observability.Metrics;

/// <summary>
/// Answers PromQL from a server that speaks the Prometheus HTTP API: Prometheus, VictoriaMetrics, Thanos, Mimir.
/// Authentication, time-outs and the number of connections are those of the client that is passed in.
/// </summary>
public sealed class RemoteQueryEngine : IQueryEngine
{
    private readonly HttpClient _client;
    private readonly RemoteQueryOptions _options;
    private readonly TimeProvider _time;
    private volatile bool _isGone;

    /// <summary>An engine over <c>api/v1</c> below the client's base address.</summary>
    /// <param name="client">Where and how to ask.</param>
    /// <param name="options">Limits and retries.</param>
    /// <param name="time">The clock that waits between retries; the system's where it is null.</param>
    public RemoteQueryEngine(HttpClient client, RemoteQueryOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new RemoteQueryOptions();
        _time = time ?? TimeProvider.System;
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
        var result = await AskUntilItLastsAsync(endpoint, form, cancellationToken);
        MetricsMetrics.CountQuery("remote", result);
        return result;
    }

    private async Task<QueryResult> AskUntilItLastsAsync(string endpoint, KeyValuePair<string, string>[] form, CancellationToken cancellationToken)
    {
        for (var repetition = 0; ; repetition++)
        {
            var attempt = await SendAsync(endpoint, form, cancellationToken);
            // Rules ask by the dozen: with a server that is gone, each would wait through its own retries.
            if (!attempt.IsTransient || _isGone || repetition >= _options.MaxRetries)
            {
                _isGone = attempt.IsTransient;
                return attempt.Result;
            }

            MetricsMetrics.QueriesRepeated.Add(1);
            await Task.Delay(DelayBefore(repetition, attempt.RetryAfter, _options), _time, cancellationToken);
        }
    }

    internal static TimeSpan DelayBefore(int repetition, TimeSpan? asked, RemoteQueryOptions options)
    {
        var delay = asked ?? options.RetryDelay * Math.Pow(2, repetition);
        return delay < options.MaxRetryDelay ? delay : options.MaxRetryDelay;
    }

    private async Task<RemoteAttempt> SendAsync(string endpoint, KeyValuePair<string, string>[] form, CancellationToken cancellationToken)
    {
        LimitedStream? limited = null;
        try
        {
            using var content = new FormUrlEncodedContent(form);
            using var request = new HttpRequestMessage(HttpMethod.Post, _options.PathPrefix + "api/v1/" + endpoint) { Content = content };
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            limited = new LimitedStream(body, _options.MaxResponseBytes);
            return RemoteAttempt.Answered(await ReadAsync(response.StatusCode, limited, cancellationToken), response);
        }
        catch (HttpRequestException fault)
        {
            return RemoteAttempt.Failed("unavailable", $"no answer from {_client.BaseAddress}: {fault.Message}", isTransient: true);
        }
        catch (IOException fault)
        {
            return RemoteAttempt.Failed("unavailable", $"answer of {_client.BaseAddress} broke off: {fault.Message}", isTransient: limited is not { IsOver: true });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return RemoteAttempt.Failed("timeout", $"no answer from {_client.BaseAddress} within {_client.Timeout}", isTransient: false);
        }
    }

    private static async Task<QueryResult> ReadAsync(HttpStatusCode status, LimitedStream body, CancellationToken cancellationToken)
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
