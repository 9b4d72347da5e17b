using Observability.Model;

namespace Observability.Server;

/// <summary>How the demo runs.</summary>
public sealed record DemoOptions
{
    /// <summary>Nodes of the fleet.</summary>
    public int Nodes { get; init; } = 64;

    /// <summary>Seed of fleet, script and noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Faults of the script.</summary>
    public int Faults { get; init; } = 12;

    /// <summary>Virtual seconds per real second; 0 for as fast as it goes.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>True to end with the script.</summary>
    public bool Headless { get; init; }

    /// <summary>Where to write the report; empty for nowhere.</summary>
    public string Report { get; init; } = "";

    /// <summary>How far the platform goes by itself for hardware verdicts it is sure of.</summary>
    public Strategy Hardware { get; init; } = Strategy.Act;

    /// <summary>Where the console listens.</summary>
    public string Listen { get; init; } = "127.0.0.1:7070";

    /// <summary>Folder of journal and series; empty for memory only.</summary>
    public string State { get; init; } = "";

    /// <summary>Folder to write the fleet's telemetry to, as <c>replay</c> reads it; empty for nowhere.</summary>
    public string Record { get; init; } = "";

    /// <summary>What the fleet tells beside the usual.</summary>
    public Simulator.FleetTelemetry Telemetry { get; init; }

    /// <summary>Folder with rules and runbooks.</summary>
    public string Content { get; init; } = ".";
}
