namespace Observability.Slos;

/// <summary>May a roll-out or a risky run start?</summary>
/// <param name="Allowed">The answer.</param>
/// <param name="Reason">Why, in a sentence with its numbers.</param>
public sealed record GateDecision(bool Allowed, string Reason);
