namespace Observability.Server;

/// <summary>One number that a run ends in.</summary>
/// <param name="Name">What it is, in snake case: the key by which two runs are compared.</param>
/// <param name="Value">The number; shares are given as 0 to 1.</param>
/// <param name="Interval">95 % bootstrap interval over the cases; null where resampling cases means nothing (a wall time).</param>
/// <param name="Cases">Of how many cases.</param>
/// <param name="Chance">What a random answer would reach; null where chance has no meaning.</param>
internal sealed record EvalFigure(string Name, double Value, Interval? Interval, int Cases, double? Chance = null);
