using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Content;

/// <summary>Everything operators wrote, read and free of faults in itself; PromQL and templates are still to be parsed.</summary>
public sealed record ContentSet
{
    /// <summary>Rule groups of <c>**/*.rules.yaml</c>.</summary>
    public ImmutableArray<RuleGroupSpec> RuleGroups { get; init; } = [];

    /// <summary>Rows of <c>faults/*.yaml</c>.</summary>
    public ImmutableArray<FaultCatalogueRow> Faults { get; init; } = [];

    /// <summary>Objectives of <c>slos/*.yaml</c>.</summary>
    public ImmutableArray<SloSpec> Slos { get; init; } = [];

    /// <summary>Runbooks.</summary>
    public ImmutableArray<Runbook> Runbooks { get; init; } = [];
}
