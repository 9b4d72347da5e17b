using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>One stretch in which an alert fired, as far as judging its rule needs it.</summary>
internal sealed class Firing
{
    /// <summary>Its rule.</summary>
    public required RuleTrack Track { get; init; }

    /// <summary>The alert's identity.</summary>
    public required ulong Fingerprint { get; init; }

    /// <summary>What it is about; null where nobody knows.</summary>
    public EntityId? Entity { get; init; }

    /// <summary>The same thing: the entity, and the node it is on.</summary>
    public IReadOnlyList<EntityId> Places { get; init; } = [];

    /// <summary>Jobs that need it; empty for firings that join incidents by themselves.</summary>
    public IReadOnlyList<EntityId> Jobs { get; init; } = [];

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When the platform learned of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When it ended; null while it fires.</summary>
    public DateTimeOffset? EndsAt { get; set; }

    /// <summary>True where its rule was in shadow when it began.</summary>
    public bool IsShadow { get; init; }

    /// <summary>What reduced it when it joined an incident.</summary>
    public ImmutableArray<NoiseReason> Marks { get; set; } = [];

    /// <summary>The incident it belongs to; null where it joined none.</summary>
    public IncidentTrack? Incident { get; set; }

    /// <summary>What a person said of this very firing; null where nobody has.</summary>
    public bool? Told { get; set; }

    /// <summary>The latest judgement.</summary>
    public FiringOutcome Outcome { get; set; }

    /// <summary>Which news the judgement knows; -1 before the first.</summary>
    public long JudgedWith { get; set; } = -1;
}
