namespace Observability.Simulator;

/// <summary>A data point: its value and the attributes that tell it from its neighbours.</summary>
internal sealed record OtlpPoint(double Value, IReadOnlyList<KeyValuePair<string, string>> Attributes);
