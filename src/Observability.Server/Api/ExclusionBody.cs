namespace Observability.Server;

/// <summary>A stretch of time to take out of an SLO's account.</summary>
internal sealed record ExclusionBody(DateTimeOffset From, DateTimeOffset To, string? Reason);
