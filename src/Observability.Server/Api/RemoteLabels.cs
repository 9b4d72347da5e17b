using Observability.Metrics;

namespace Observability.Server;

/// <summary>Label queries where series live on another server: its answer is passed on as it is.</summary>
internal static class RemoteLabels
{
    /// <summary>True where another server holds the series: it was asked the same, and its answer, or that there is none, is written.</summary>
    public static async Task<bool> PassedAsync(HttpContext http, Platform platform, string endpoint)
    {
        if (platform.Remote is not { } remote)
            return false;
        if (await PassAsync(http, remote, endpoint) is { } error)
            await PrometheusApi.FailAsync(http, error);
        return true;
    }

    private static async Task<QueryError?> PassAsync(HttpContext http, RemoteServer remote, string endpoint)
    {
        var asked = http.Request.HasFormContentType
            ? QueryString.Create((await http.Request.ReadFormAsync(http.RequestAborted)).SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value)))
            : http.Request.QueryString;
        try
        {
            using var answer = await remote.AskAsync(endpoint, asked, http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString() ?? "application/json";
            await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
            return null;
        }
        catch (Exception fault) when (!http.Response.HasStarted && (fault is HttpRequestException
            || (fault is OperationCanceledException && !http.RequestAborted.IsCancellationRequested)))
        {
            return new QueryError("unavailable", $"metrics.remote_url does not answer: {fault.Message}");
        }
    }
}
