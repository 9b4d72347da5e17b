namespace Observability.Incidents;

/// <summary>Labelled incidents of simulated fleets, as the ranker judged them: what it is calibrated on besides stories.</summary>
/// <param name="Part">Where they come from.</param>
/// <param name="Incidents">Scores of the candidates of each, and which of them is guilty; null for none.</param>
public sealed record JudgedEpisodes(CauseReportPart Part, IReadOnlyList<(IReadOnlyList<double> Scores, int? True)> Incidents);
