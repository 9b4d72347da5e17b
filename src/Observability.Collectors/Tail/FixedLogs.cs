namespace Observability.Collectors;

/// <summary>Logs from the configuration.</summary>
public sealed class FixedLogs(IReadOnlyList<LogSource> logs) : ILogList
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<LogSource>?> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<LogSource>?>(logs);
}
