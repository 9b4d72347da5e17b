using Observability.Model;

namespace Observability.Server;

/// <summary>An incident as it ended, with how it came about.</summary>
internal sealed record TrackedIncident
{
    /// <summary>Its last state.</summary>
    public required Incident Incident { get; init; }

    /// <summary>When it, or the first incident that was merged into it, was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>What its alerts spoke of and since when, in order of time.</summary>
    public required IReadOnlyList<IncidentSign> Signs { get; init; }

    /// <summary>Its verdicts, oldest first.</summary>
    public required IReadOnlyList<Verdict> Verdicts { get; init; }

    /// <summary>Nodes that a runbook would have cordoned.</summary>
    public required IReadOnlyList<WouldCordon> Cordons { get; init; }
}
