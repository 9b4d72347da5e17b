namespace Observability.Simulator;

/// <summary>What a fleet tells beside what every one does. Nothing of it by default: sets and demos of the same seed stay the same bytes.</summary>
[Flags]
public enum FleetTelemetry
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Each node has a clock of its own, and its node_exporter says what that shows (<c>node_time_seconds</c>).</summary>
    Clocks = 1,

    /// <summary>Exporters and log agents are late now and then, where faults come by chance.</summary>
    Delays = 2,

    /// <summary>Leaf and spine switches have exporters of their own.</summary>
    Switches = 4,

    /// <summary>Transceivers of adapters, and of switches where those speak, tell their light, bias and temperature.</summary>
    Optics = 8,
}
