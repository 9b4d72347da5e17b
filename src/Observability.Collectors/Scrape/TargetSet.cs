namespace Observability.Collectors;

/// <summary>What a source of targets answered.</summary>
/// <param name="Targets">All of its targets; null where it could not be read and the earlier ones stay.</param>
/// <param name="Error">What was wrong, entry by entry, or an empty string.</param>
public sealed record TargetSet(IReadOnlyList<ScrapeTarget>? Targets, string Error = "");
