namespace Observability.Incidents;

/// <summary>How well one kind of fault is recognised.</summary>
/// <param name="FaultClass">The kind.</param>
/// <param name="Judgements">How many judgements are about it.</param>
/// <param name="Top1">Share in which the culprit is ranked first.</param>
/// <param name="Confidence">Mean probability of the first candidate.</param>
public sealed record CauseReportClass(string FaultClass, int Judgements, double Top1, double Confidence);
