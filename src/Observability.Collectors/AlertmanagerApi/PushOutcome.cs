namespace Observability.Collectors;

/// <summary>What became of a push.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Accepted">Items taken; they count even where others were refused.</param>
/// <param name="Errors">What was refused and why, or an empty string.</param>
public sealed record PushOutcome(int Status, int Accepted, string Errors);
