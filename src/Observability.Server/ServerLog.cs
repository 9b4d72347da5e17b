namespace Observability.Server;

/// <summary>Every log message of this assembly.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Location} could not be used: {Fault}; what was known before stays in force")]
    public static partial void DiscoveryFailed(ILogger logger, string location, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A step of the platform failed at {Now}: {Fault}")]
    public static partial void StepFailed(ILogger logger, DateTimeOffset now, string fault);
}
