namespace Observability.Simulator;

/// <summary>A node was cordoned or released.</summary>
/// <param name="Node">Which node.</param>
/// <param name="Cordoned">True for a cordon.</param>
/// <param name="At">When.</param>
/// <param name="Agent">User agent of who did it.</param>
public sealed record CordonChange(string Node, bool Cordoned, DateTimeOffset At, string Agent);
