namespace Observability.Server;

/// <summary>Every log message of this assembly.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could not be read: {Fault}; files are followed from their end")]
    public static partial void PositionsUnreadable(ILogger logger, string path, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} could not be written: {Fault}; after a restart logs are followed from an earlier place")]
    public static partial void PositionsNotWritten(ILogger logger, string path, string fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "A step of the platform failed at {Now}: {Fault}")]
    public static partial void StepFailed(ILogger logger, DateTimeOffset now, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Model {Version} of the shelf cannot be used: {Fault}")]
    public static partial void ModelUnreadable(ILogger logger, string version, string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training of model {Version} for {By} from {Labels} labels ended: {Outcome}")]
    public static partial void ModelTrained(ILogger logger, string version, string by, int labels, string outcome);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table {Path}: {Count} entries were not taken: {Error}")]
    public static partial void TableRefused(ILogger log, string path, int count, string error);
}
