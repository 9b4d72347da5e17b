namespace Observability.Server;

/// <summary>How the last read of what operators edit went.</summary>
/// <param name="ReadAt">When what is in force was read.</param>
/// <param name="FailedAt">When a later read found faults; null where the last one found none.</param>
/// <param name="Findings">How many faults it found.</param>
internal sealed record ReloadStatus(DateTimeOffset ReadAt, DateTimeOffset? FailedAt, int Findings);
