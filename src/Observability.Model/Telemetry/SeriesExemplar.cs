namespace Observability.Model;

/// <summary>One measurement behind a sample, most often with the trace it belongs to.</summary>
/// <param name="Series">The series it is attached to.</param>
/// <param name="Labels">Its own labels, for example <c>trace_id</c>.</param>
/// <param name="Measured">Value and time.</param>
public sealed record SeriesExemplar(LabelSet Series, LabelSet Labels, Sample Measured);
