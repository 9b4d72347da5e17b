namespace Observability.Collectors;

/// <summary>Something that could not be read.</summary>
/// <param name="Where">Line number, key or index.</param>
/// <param name="Reason">What is wrong, and the text seen.</param>
public sealed record Refusal(string Where, string Reason);
