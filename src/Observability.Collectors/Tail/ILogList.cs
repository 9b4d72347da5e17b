namespace Observability.Collectors;

/// <summary>Says which logs there are.</summary>
public interface ILogList
{
    /// <summary>The logs of this moment; null where they cannot be told now and the earlier ones stay.</summary>
    Task<IReadOnlyList<LogSource>?> ReadAsync(CancellationToken cancellationToken);
}
