using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Observability.Model;

/// <summary>One trouble with one presumed cause. Its alerts are found through <see cref="IncidentChange"/>s, not listed here.</summary>
public sealed record Incident
{
    /// <summary><c>INC-000042</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Where it stands.</summary>
    public required IncidentState State { get; init; }

    /// <summary>Start of its first alert.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the platform opened it.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Last change.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When its last alert ended.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>What people read in a list.</summary>
    public required string Title { get; init; }

    /// <summary>The worst severity among its alerts: <c>critical</c>, <c>warning</c> or <c>info</c>.</summary>
    public required string Severity { get; init; }

    /// <summary>Distinct alerts that ever belonged to it.</summary>
    public int AlertCount { get; init; }

    /// <summary>Alerts that fire now.</summary>
    public int FiringCount { get; init; }

    /// <summary>Entities its alerts speak of, at most 64; the rest is counted in <see cref="EntityCount"/>.</summary>
    public ImmutableArray<EntityId> Entities { get; init; } = [];

    /// <summary>All entities its alerts speak of.</summary>
    public int EntityCount { get; init; }

    /// <summary>Jobs that suffer.</summary>
    public ImmutableArray<EntityId> Jobs { get; init; } = [];

    /// <summary>The latest answer.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Who looks after it; empty where nobody has said so.</summary>
    public string AcknowledgedBy { get; init; } = "";

    /// <summary>Who it is assigned to.</summary>
    public string Assignee { get; init; } = "";

    /// <summary>Where it went, if it was merged.</summary>
    public string MergedInto { get; init; } = "";

    /// <summary>Why nobody is told of it; null where it tells.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IncidentMute? Mute { get; init; }

    /// <summary>True once it is resolved, or went into another one.</summary>
    [JsonIgnore]
    public bool IsOver => State is IncidentState.Resolved or IncidentState.Merged;

    /// <summary>True while it is not over and nobody is told of it.</summary>
    [JsonIgnore]
    public bool IsMuted => Mute is not null && !IsOver;

    /// <summary>What people wrote.</summary>
    public ImmutableArray<IncidentNote> Notes { get; init; } = [];
}
