namespace Observability.Model;

/// <summary>An incident's cost to a budget.</summary>
public sealed record BudgetCharged(BudgetCharge Charge) : JournalEntry;
