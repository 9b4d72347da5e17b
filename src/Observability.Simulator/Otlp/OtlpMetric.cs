namespace Observability.Simulator;

/// <summary>A metric before it is encoded.</summary>
/// <param name="Name">As OpenTelemetry names it: <c>train.step.duration</c>.</param>
/// <param name="Unit">UCUM, or empty.</param>
/// <param name="IsSum">True for a monotonic cumulative sum, false for a gauge.</param>
/// <param name="Points">Its data points.</param>
internal sealed record OtlpMetric(string Name, string Unit, bool IsSum, IReadOnlyList<OtlpPoint> Points);
