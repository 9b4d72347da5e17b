namespace Observability.Collectors;

/// <summary>One thing seen about one rank.</summary>
/// <param name="Rank">The rank.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ProcessGroup">Name and description of the group.</param>
/// <param name="Sequence">The operation's number in the group.</param>
/// <param name="Evidence">The observation, as a sentence with numbers.</param>
public sealed record FlightRecorderFinding(int Rank, FlightRecorderKind Kind, string ProcessGroup, long Sequence, string Evidence);
