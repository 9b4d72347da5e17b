namespace Observability.Incidents;

/// <summary>A part of the data behind a ranker.</summary>
/// <param name="Part">What it is for.</param>
/// <param name="Seed">Seed of its stories and fleets.</param>
/// <param name="Fleets">Shapes of its fleets; no other part has them.</param>
/// <param name="Stories">Stories told.</param>
/// <param name="Judgements">Settled incidents they gave.</param>
/// <param name="Digest">SHA-256 of them, so that whoever trains again can see that the data is the same.</param>
public sealed record CauseReportPart(string Part, int Seed, string Fleets, int Stories, int Judgements, string Digest);
