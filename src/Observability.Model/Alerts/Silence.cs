using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>A promise of a person to look after matching alerts for a while.</summary>
public sealed record Silence
{
    /// <summary>Its identity, a UUID as Alertmanager writes it.</summary>
    public required string Id { get; init; }

    /// <summary>All must match; at least one.</summary>
    public required ImmutableArray<LabelMatcher> Matchers { get; init; }

    /// <summary>From when.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Why.</summary>
    public required string Comment { get; init; }

    /// <summary>True where it has begun and is not over.</summary>
    public bool IsInForce(DateTimeOffset now) => StartsAt <= now && now < EndsAt;

    /// <summary>True where it is in force at a time and matches the labels.</summary>
    public bool Covers(LabelSet labels, DateTimeOffset now) => IsInForce(now) && Matchers.All(matcher => matcher.Matches(labels));
}
