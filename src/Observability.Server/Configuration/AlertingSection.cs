namespace Observability.Server;

/// <summary>What raises alerts.</summary>
public sealed class AlertingSection
{
    /// <summary>Rules and detectors that have yet to prove themselves.</summary>
    public ShadowSection Shadow { get; set; } = new();
}
