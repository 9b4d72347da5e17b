namespace Observability.Server;

/// <summary>What leaves about the platform itself.</summary>
public sealed class TelemetryOptions
{
    /// <summary>OTLP endpoint for traces and metrics; empty for none.</summary>
    [HttpUrl]
    public string OtlpEndpoint { get; set; } = "";
}
