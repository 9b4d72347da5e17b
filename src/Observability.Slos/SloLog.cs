using Microsoft.Extensions.Logging;

namespace Observability.Slos;

internal static partial class SloLog
{
    [LoggerMessage(1, LogLevel.Warning, "SLO {Slo} has no measurement: {Expression} failed with {Reason}. Its budget stands still until the query works")]
    public static partial void QueryFailed(ILogger logger, string slo, string expression, string reason);

    [LoggerMessage(2, LogLevel.Warning, "SLO {Slo} starts with an empty budget: what was kept has buckets of {Kept}, the SLO now needs {Needed}")]
    public static partial void StateIgnored(ILogger logger, string slo, TimeSpan kept, TimeSpan needed);
}
