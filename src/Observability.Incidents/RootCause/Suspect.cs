namespace Observability.Incidents;

/// <summary>A candidate and how much it is suspected.</summary>
/// <param name="Candidate">Who, of what.</param>
/// <param name="Score">The ranker's score; of a change that of what it explains best.</param>
/// <param name="Probability">How likely it is, 0 to 1.</param>
internal sealed record Suspect(Candidate Candidate, double Score, double Probability);
