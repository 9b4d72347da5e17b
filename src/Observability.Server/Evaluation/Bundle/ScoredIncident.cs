namespace Observability.Server;

/// <summary>What an incident was worth.</summary>
/// <param name="Worth">Which of the kinds.</param>
/// <param name="Confidence">Of the first of its ranking; null where it has none.</param>
/// <param name="IsRight">True where the first of its ranking is a fault's entity with a right class.</param>
/// <param name="Claims">True where its verdict names somebody.</param>
internal sealed record ScoredIncident(IncidentWorth Worth, double? Confidence, bool IsRight, bool Claims);
