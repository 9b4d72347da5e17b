using Observability.Model;

namespace Observability.Collectors;

/// <summary>What one output told.</summary>
internal sealed record PolledReading
{
    /// <summary>Why the output is of no use; empty where it is.</summary>
    public string Fault { get; init; } = "";

    public IReadOnlyList<SeriesSample> Samples { get; init; } = [];

    public IReadOnlyList<TelemetryEvent> Events { get; init; } = [];

    public TopologyChange? Shape { get; init; }

    /// <summary>Parts that were not taken.</summary>
    public int Refused { get; init; }
}
