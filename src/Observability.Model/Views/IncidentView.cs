using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>An incident as readers see it.</summary>
public sealed record IncidentView
{
    /// <summary>Most lines a timeline keeps; later joins are counted in <see cref="LinesDropped"/>.</summary>
    public const int MaximumLines = 500;

    /// <summary>Most alerts listed; the rest is counted in <see cref="Incident"/>.</summary>
    public const int MaximumAlerts = 1_000;

    /// <summary>The incident after its last change.</summary>
    public required Incident Incident { get; init; }

    /// <summary>What happened, oldest first.</summary>
    public ImmutableList<TimelineLine> Timeline { get; init; } = [];

    /// <summary>Lines the timeline did not keep.</summary>
    public int LinesDropped { get; init; }

    /// <summary>Fingerprints of its alerts in the order they joined.</summary>
    public ImmutableList<ulong> Alerts { get; init; } = [];

    /// <summary>Its runbook executions, by identity.</summary>
    public ImmutableArray<string> Executions { get; init; } = [];

    /// <summary>What it cost, one per SLO.</summary>
    public ImmutableArray<BudgetCharge> Charges { get; init; } = [];

    /// <summary>A copy with one more line.</summary>
    public IncidentView Tell(TimelineLine line) => Timeline.Count < MaximumLines
        ? this with { Timeline = Timeline.Add(line) }
        : this with { LinesDropped = LinesDropped + 1 };
}
