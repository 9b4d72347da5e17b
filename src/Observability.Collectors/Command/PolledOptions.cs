namespace Observability.Collectors;

/// <summary>A source that is asked again and again.</summary>
/// <param name="Job">The <c>job</c> of its <c>up</c> series, and what counters and the log call it.</param>
/// <param name="Instance">Which one of that job.</param>
/// <param name="Node">The node it speaks for.</param>
/// <param name="Interval">Time between two runs.</param>
/// <param name="RepeatAfter">A bad state that lasts is told again after this time, so that its alert does not end.</param>
internal sealed record PolledOptions(string Job, string Instance, string Node, TimeSpan Interval, TimeSpan RepeatAfter);
