using System.Net;

namespace Observability.Metrics;

/// <summary>One request and what came of it.</summary>
/// <param name="Result">The answer, or why there is none.</param>
/// <param name="IsTransient">True where the same request may succeed a moment later.</param>
/// <param name="RetryAfter">The wait that the server asks for, if it does.</param>
internal readonly record struct RemoteAttempt(QueryResult Result, bool IsTransient, TimeSpan? RetryAfter = null)
{
    /// <summary>An attempt that ended with an answer over HTTP.</summary>
    public static RemoteAttempt Answered(QueryResult result, HttpResponseMessage response)
    {
        // A query that took too long there takes as long again: Prometheus says 503 for it, with a reason that is not "unavailable".
        var isTransient = result.Error?.Type is "unavailable" or "bad_data"
            && response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
        if (isTransient && result.Error is { Type: "bad_data" } error)
            result = result with { Error = error with { Type = "unavailable" } };
        return new RemoteAttempt(result, isTransient, response.Headers.RetryAfter?.Delta);
    }

    /// <summary>An attempt without a whole answer.</summary>
    public static RemoteAttempt Failed(string type, string message, bool isTransient) => new(QueryResult.Failed(type, message), isTransient);
}
