using Microsoft.Extensions.Logging;

namespace Observability.Response;

/// <summary>Every log message of this assembly.</summary>
internal static partial class ResponseLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Step {OperationId} failed: {Fault}")]
    public static partial void StepFailed(ILogger logger, string operationId, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Notification {NotificationId} was not delivered to {Channel}: {Fault}")]
    public static partial void NotDelivered(ILogger logger, string notificationId, string channel, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox of {Channel} is full with {Waiting} messages; {NotificationId} is given up. Look at what keeps the channel from taking messages")]
    public static partial void OutboxFull(ILogger logger, string channel, int waiting, string notificationId);
}
