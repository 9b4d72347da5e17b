using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>A logical signal: one name for what several exporters call differently. Signals are data: <c>rules/signals.yaml</c>.</summary>
/// <param name="Name">Its name: <c>gpu.temperature</c>.</param>
/// <param name="Unit">Unit of every expression's value.</param>
/// <param name="Meaning">What it is, for people.</param>
/// <param name="Expressions">PromQL by vendor or exporter, in the order in which they are asked.</param>
/// <param name="Source">Where it is written.</param>
public sealed record SignalSpec(
    string Name, string Unit, string Meaning, ImmutableArray<KeyValuePair<string, string>> Expressions, SourceLine Source);
