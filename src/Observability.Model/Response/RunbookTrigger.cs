using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>When a runbook offers itself.</summary>
/// <param name="FaultClasses">Verdict classes it is for.</param>
/// <param name="MinimumConfidence">Least confidence, in [0, 1].</param>
/// <param name="EntityKinds">Kinds of culprits; empty for any.</param>
public sealed record RunbookTrigger(
    ImmutableArray<string> FaultClasses, double MinimumConfidence, ImmutableArray<EntityKind> EntityKinds);
