using Observability.Model;

namespace Observability.Collectors;

/// <summary>What a body gave.</summary>
/// <param name="Samples">Every sample that was read.</param>
/// <param name="Refused">Lines that were not.</param>
/// <param name="Refusals">The first of them, with line and reason.</param>
public sealed record ExpositionResult(List<SeriesSample> Samples, int Refused, IReadOnlyList<Refusal> Refusals);
