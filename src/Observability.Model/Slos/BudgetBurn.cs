namespace Observability.Model;

/// <summary>How much of a budget a short stretch of time used up; the measurement behind every charge.</summary>
/// <param name="SloId">The budget.</param>
/// <param name="From">Start of the stretch.</param>
/// <param name="To">Its end.</param>
/// <param name="BudgetShare">Share of the whole budget that was used, 0.0001 for 0.01 %.</param>
public sealed record BudgetBurn(string SloId, DateTimeOffset From, DateTimeOffset To, double BudgetShare);
