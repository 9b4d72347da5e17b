namespace Observability.Model;

/// <summary>
/// A reason to keep a target out of service. A node is schedulable only when nobody holds it: holds are counted per
/// cause, and releasing one never frees another's.
/// </summary>
public sealed record Hold
{
    /// <summary>The execution or person that holds; unique per target.</summary>
    public required string Id { get; init; }

    /// <summary>What is held, a node.</summary>
    public required EntityId Target { get; init; }

    /// <summary>Why.</summary>
    public required string Cause { get; init; }

    /// <summary>Who answers for it.</summary>
    public required string Owner { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When a person must have renewed it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was released; null while it holds.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }
}
