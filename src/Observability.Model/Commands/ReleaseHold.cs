namespace Observability.Model;

/// <summary>Releases one hold; other holds on the same target stay.</summary>
public sealed record ReleaseHold(string HoldId) : Command;
