using Microsoft.Extensions.Logging;

namespace Observability.Simulator;

/// <summary>Log messages of the simulated Kubernetes API server.</summary>
internal static partial class KubernetesLog
{
    [LoggerMessage(EventId = 3400, Level = LogLevel.Debug, Message = "Kubernetes {Method} {Path} answered {Code}")]
    public static partial void Answered(ILogger logger, string method, string path, int code);

    [LoggerMessage(EventId = 3401, Level = LogLevel.Error, Message = "Kubernetes {Method} {Path} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string method, string path);
}
