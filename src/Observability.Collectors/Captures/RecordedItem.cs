using Observability.Model;

namespace Observability.Collectors;

/// <summary>One recorded thing: samples of one moment, one event, or the shape of the fleet. Exactly one of them is there.</summary>
/// <param name="At">When it was.</param>
/// <param name="Samples">The samples, or null.</param>
/// <param name="Event">The event, or null.</param>
/// <param name="Topology">The topology, or null.</param>
public sealed record RecordedItem(DateTimeOffset At, SampleBatch? Samples, TelemetryEvent? Event, TopologyChange? Topology = null);
