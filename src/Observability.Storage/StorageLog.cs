using Microsoft.Extensions.Logging;

namespace Observability.Storage;

internal static partial class StorageLog
{
    [LoggerMessage(1, LogLevel.Information, "Journal {Path} opened at epoch {Epoch}; last record is {Sequence}")]
    public static partial void JournalOpened(ILogger logger, string path, long epoch, long sequence);

    [LoggerMessage(2, LogLevel.Error, "Journal {Path} is damaged at record {Sequence}: {Reason}. Automatic actions should stay off until a person has compared the fleet with the journal")]
    public static partial void JournalDamaged(ILogger logger, string path, long sequence, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Elasticsearch did not take {Count} documents: {Reason}. The next attempt is at {RetryAt}")]
    public static partial void ProjectionDelayed(ILogger logger, int count, string reason, DateTimeOffset retryAt);

    [LoggerMessage(4, LogLevel.Warning, "Elasticsearch refused document {Id} of index {Index}: {Reason}. It is not sent again")]
    public static partial void DocumentRefused(ILogger logger, string index, string id, string reason);
}
