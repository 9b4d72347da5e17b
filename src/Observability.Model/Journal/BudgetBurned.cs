namespace Observability.Model;

/// <summary>Input: a stretch of time used up some budget.</summary>
public sealed record BudgetBurned(BudgetBurn Burn) : JournalEntry;
