using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Response;

/// <summary>The way back of a run: which steps are left, and how the run ends after them.</summary>
internal sealed class Rollback
{
    public required ExecutionState End { get; init; }

    public required string Reason { get; init; }

    public required ImmutableArray<RunbookStep> Steps { get; init; }

    public int At { get; set; }

    /// <summary>Texts of the steps that could not be undone; the hold stays where there is one.</summary>
    public List<string> Faults { get; } = [];
}
