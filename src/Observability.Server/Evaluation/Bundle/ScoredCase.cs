namespace Observability.Server;

/// <summary>A case, or a part of one that may be drawn on its own, with what its answer was worth.</summary>
internal sealed record ScoredCase
{
    /// <summary>Its faults.</summary>
    public IReadOnlyList<ScoredFault> Faults { get; init; } = [];

    /// <summary>Its incidents.</summary>
    public IReadOnlyList<ScoredIncident> Incidents { get; init; } = [];

    /// <summary>Kinds of what only looked like a fault, with the worst that was made of it.</summary>
    public IReadOnlyList<(string Kind, int Incidents, bool IsBlamed)> Negatives { get; init; } = [];

    /// <summary>Alerts that fired.</summary>
    public int Alerts { get; init; }

    /// <summary>Length times GPUs, in days.</summary>
    public double GpuDays { get; init; }

    /// <summary>Nodes that a runbook would have cordoned without reason, unattended; of how many.</summary>
    public (int False, int All) Cordons { get; init; }
}
