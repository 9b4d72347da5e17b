namespace Observability.Incidents;

/// <summary>A node that may be the cause.</summary>
/// <param name="Id">Its name in the graph.</param>
/// <param name="Score">How much speaks for it; comparable within one ranking only.</param>
/// <param name="Evidence">Sentences with the numbers behind the score.</param>
public sealed record RankedNode(string Id, double Score, IReadOnlyList<string> Evidence);
