namespace Observability.Simulator;

/// <summary>An announcement that reaches the platform through its front door.</summary>
/// <param name="Kind"><c>maintenance_start</c> or <c>maintenance_end</c>.</param>
/// <param name="At">When.</param>
/// <param name="Node">Which node.</param>
/// <param name="Text">For people.</param>
public sealed record ChangeNotice(string Kind, DateTimeOffset At, string Node, string Text);
