using Microsoft.Extensions.Logging;

namespace Observability.Metrics;

/// <summary>Every log message of this assembly.</summary>
internal static partial class MetricsLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Row {Sequence} of {Path} is damaged and was skipped: its checksum does not match")]
    public static partial void RowDamaged(ILogger logger, long sequence, string path);
}
