namespace Observability.Model;

/// <summary>Takes a stretch of time out of an SLO's account.</summary>
public sealed record ExcludeFromBudget(BudgetExclusion Exclusion) : Command;
