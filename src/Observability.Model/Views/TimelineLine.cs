namespace Observability.Model;

/// <summary>One line of an incident's timeline.</summary>
public sealed record TimelineLine(DateTimeOffset At, TimelineKind Kind, string Text);
