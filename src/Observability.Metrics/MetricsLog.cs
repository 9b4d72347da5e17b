using Microsoft.Extensions.Logging;

namespace Observability.Metrics;

internal static partial class MetricsLog
{
    [LoggerMessage(1, LogLevel.Warning, "Skipped a corrupt {Table} row of series {SeriesId} in {Database}: {Reason}. Its samples are lost; the rest is kept")]
    public static partial void CorruptRow(ILogger logger, string table, long seriesId, string database, string reason);

    [LoggerMessage(2, LogLevel.Information, "Opened {Database}: {Series} series, {Chunks} sealed chunks, {Rows} write-ahead rows replayed")]
    public static partial void Recovered(ILogger logger, string database, int series, int chunks, int rows);

    [LoggerMessage(3, LogLevel.Warning, "Write-ahead buffer is full at {Bytes} bytes; the batch of {Source} is in memory only. Flush more often or raise MaxUnflushedBytes")]
    public static partial void Unlogged(ILogger logger, long bytes, string source);

    [LoggerMessage(4, LogLevel.Warning, "Refusing new series: the limit of {Limit} is reached. First refused: {Series}. Raise MaxSeries or drop labels at the source")]
    public static partial void SeriesLimit(ILogger logger, int limit, string series);

    [LoggerMessage(5, LogLevel.Warning, "Refusing new series: {Used} bytes of memory are in use, the limit is {Limit}. Known series go on. Raise MaxMemoryBytes or drop labels at the source")]
    public static partial void MemoryLimit(ILogger logger, long used, long limit);

    [LoggerMessage(6, LogLevel.Error, "{Database} cannot be written: {Reason}. Samples are kept in memory only and are lost if the process ends; free space on its disk")]
    public static partial void Degraded(ILogger logger, string database, string reason);

    [LoggerMessage(7, LogLevel.Information, "{Database} can be written again; what waited in memory is in it")]
    public static partial void Restored(ILogger logger, string database);
}
