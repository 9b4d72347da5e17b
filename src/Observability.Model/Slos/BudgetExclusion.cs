namespace Observability.Model;

/// <summary>A stretch of time that no longer counts against an SLO, with who decided so and why.</summary>
public sealed record BudgetExclusion(string SloId, DateTimeOffset From, DateTimeOffset To, string Author, string Reason);
