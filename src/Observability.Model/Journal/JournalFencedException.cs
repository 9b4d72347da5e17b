namespace Observability.Model;

/// <summary>Another process has begun a later epoch: this one must stop acting.</summary>
public sealed class JournalFencedException(long mine, long current)
    : Exception($"journal epoch {mine} was superseded by epoch {current}; this process is no longer the leader")
{
    /// <summary>The epoch that was refused.</summary>
    public long Mine { get; } = mine;

    /// <summary>The epoch in force.</summary>
    public long Current { get; } = current;
}
