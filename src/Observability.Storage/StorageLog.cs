using Microsoft.Extensions.Logging;

namespace Observability.Storage;

/// <summary>Every log message of this assembly.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Record {Sequence} of journal {Path} is damaged and was skipped: {Fault}")]
    public static partial void RecordDamaged(ILogger logger, long sequence, string path, string fault);
}
