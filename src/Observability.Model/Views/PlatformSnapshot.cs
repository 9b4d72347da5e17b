using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>
/// All that readers may see, at one moment. Immutable; the console, the APIs and chat read the same one.
/// </summary>
public sealed record PlatformSnapshot
{
    /// <summary>The platform's clock when it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Grows by one with every change.</summary>
    public long Version { get; init; }

    /// <summary>The fleet's shape.</summary>
    public Topology Topology { get; init; } = Topology.Empty;

    /// <summary>Alerts that fire, and those that ended lately, by fingerprint.</summary>
    public ImmutableDictionary<ulong, AlertView> Alerts { get; init; } = ImmutableDictionary<ulong, AlertView>.Empty;

    /// <summary>Incidents by identity.</summary>
    public ImmutableSortedDictionary<string, IncidentView> Incidents { get; init; } =
        ImmutableSortedDictionary.Create<string, IncidentView>(StringComparer.Ordinal);

    /// <summary>Runbook executions by identity.</summary>
    public ImmutableSortedDictionary<string, RunbookExecution> Executions { get; init; } =
        ImmutableSortedDictionary.Create<string, RunbookExecution>(StringComparer.Ordinal);

    /// <summary>Holds that are in force, by identity.</summary>
    public ImmutableSortedDictionary<string, Hold> Holds { get; init; } =
        ImmutableSortedDictionary.Create<string, Hold>(StringComparer.Ordinal);

    /// <summary>Silences, ended ones for a while.</summary>
    public ImmutableSortedDictionary<string, Silence> Silences { get; init; } =
        ImmutableSortedDictionary.Create<string, Silence>(StringComparer.Ordinal);

    /// <summary>SLOs as configured.</summary>
    public ImmutableArray<SloSpec> Slos { get; init; } = [];

    /// <summary>Their budgets, in the same order.</summary>
    public ImmutableArray<ErrorBudget> Budgets { get; init; } = [];

    /// <summary>Runbooks as configured.</summary>
    public ImmutableArray<Runbook> Runbooks { get; init; } = [];

    /// <summary>Noise in and incidents out.</summary>
    public NoiseTotals Noise { get; init; } = NoiseTotals.Empty;

    /// <summary>Where rules and detectors that have fired stand.</summary>
    public ImmutableSortedDictionary<RuleId, RuleStanding> Standings { get; init; } = ImmutableSortedDictionary<RuleId, RuleStanding>.Empty;

    /// <summary>What is asked of the on-call and learnt from it.</summary>
    public LearningView Learning { get; init; } = LearningView.Empty;

    /// <summary>An empty platform.</summary>
    public static PlatformSnapshot Empty(DateTimeOffset at) => new() { At = at };
}
