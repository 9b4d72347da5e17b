namespace Observability.Model;

/// <summary>One claim that a reader can check.</summary>
/// <param name="Kind">What it points at.</param>
/// <param name="Text">The claim as a sentence with its numbers.</param>
/// <param name="Reference">PromQL expression, raw line, file:line or fingerprint.</param>
/// <param name="At">When it was observed.</param>
public sealed record Evidence(EvidenceKind Kind, string Text, string Reference, DateTimeOffset At)
{
    /// <summary>What it speaks of, where it is one entity.</summary>
    public EntityId? Entity { get; init; }

    /// <summary>The observed number, where there is one.</summary>
    public double? Value { get; init; }
}
