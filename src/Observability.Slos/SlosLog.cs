using Microsoft.Extensions.Logging;

namespace Observability.Slos;

/// <summary>Every log message of this assembly.</summary>
internal static partial class SlosLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "SLO {Slo} could not be measured with {Expression}: {Fault}")]
    public static partial void QueryFailed(ILogger logger, string slo, string expression, string fault);
}
