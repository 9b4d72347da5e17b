namespace Observability.Server;

/// <summary>How much of the past readers see without the journal.</summary>
public sealed class SnapshotOptions
{
    /// <summary>Ended alerts to keep; default 10,000.</summary>
    public int ResolvedAlerts { get; set; } = 10_000;

    /// <summary>Ended incidents to keep; default 1,000.</summary>
    public int ClosedIncidents { get; set; } = 1_000;
}
