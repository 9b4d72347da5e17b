namespace Observability.Slos;

/// <summary>All budgets as they are kept over a restart. Counters are not kept: what they counted in between is unknown.</summary>
public sealed record SloState(IReadOnlyList<LedgerState> Ledgers);
