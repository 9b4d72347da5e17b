using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>Every message of the collectors.</summary>
internal static partial class CollectorsLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Target {Url} stopped answering: {Error}")]
    public static partial void TargetDown(ILogger log, Uri url, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Target {Url} answers again")]
    public static partial void TargetUp(ILogger log, Uri url);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Source} gave {Count} lines that were refused; the first: {First}")]
    public static partial void LinesRefused(ILogger log, string source, int count, string first);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} scrapes still run after {Patience}; their results come with the next step")]
    public static partial void StepIncomplete(ILogger log, int count, TimeSpan patience);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Targets of {Source} could not be read completely: {Error}")]
    public static partial void DiscoveryFailed(ILogger log, string source, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} targets are more than the limit of {Limit}; raise TargetLimit or shard the collectors")]
    public static partial void TooManyTargets(ILogger log, int count, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Log {Log} cannot be read: {Error}")]
    public static partial void LogUnreadable(ILogger logger, string log, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Log {Log} can be read again")]
    public static partial void LogReadable(ILogger logger, string log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The list of logs at {Url} cannot be read: {Error}")]
    public static partial void LogListFailed(ILogger log, string url, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Topology {Location} was refused and the earlier one stays: {Error}")]
    public static partial void TopologyRefused(ILogger log, string location, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Topology {Location} changed: {Entities} entities, {Edges} edges, {Removed} removed")]
    public static partial void TopologyChanged(ILogger log, string location, int entities, int edges, int removed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A push to {Door} was refused in part or whole: {Error}")]
    public static partial void PushRefused(ILogger log, string door, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Command} gives nothing usable: {Error}")]
    public static partial void CommandFailed(ILogger log, string command, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Command} answers again")]
    public static partial void CommandAnswers(ILogger log, string command);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Syslog over {Protocol} had a fault and goes on: {Error}")]
    public static partial void SyslogFailed(ILogger log, string protocol, string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The buffer in {Folder} cannot be written: {Error}; what is read now is lost until it can")]
    public static partial void BufferFailed(ILogger log, string folder, string error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}: the last {Bytes} bytes are no whole entry and were cut off; the process was killed while it wrote")]
    public static partial void BufferDamaged(ILogger log, string path, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The oldest {Items} samples and events of the buffer are lost: {Reason}; raise forward.buffer_bytes")]
    public static partial void BufferDropped(ILogger log, long items, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Url} takes nothing: {Error}; {Items} samples and events wait")]
    public static partial void ForwardFailed(ILogger log, Uri url, string error, long items);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Url} takes samples again; {Items} wait")]
    public static partial void ForwardRecovered(ILogger log, Uri url, long items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Items} samples or events were refused by {Url} with {Status} and are not sent again: {Said}")]
    public static partial void ForwardRefused(ILogger log, long items, Uri url, int status, string said);
}
