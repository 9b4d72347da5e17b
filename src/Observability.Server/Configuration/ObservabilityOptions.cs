namespace Observability.Server;

/// <summary>Everything <c>observability.yaml</c> may say. Keys are these names in snake_case; units are in the value (<c>10s</c>).</summary>
public sealed class ObservabilityOptions
{
    /// <summary>Front doors.</summary>
    public ServerOptions Server { get; set; } = new();

    /// <summary>What is read, and how often.</summary>
    public CollectOptions Collect { get; set; } = new();

    /// <summary>Where an agent or a collector sends what it reads.</summary>
    public ForwardSection Forward { get; set; } = new();

    /// <summary>Where series live.</summary>
    public SeriesOptions Metrics { get; set; } = new();

    /// <summary>Files operators edit.</summary>
    public ContentOptions Content { get; set; } = new();

    /// <summary>What raises alerts.</summary>
    public AlertingSection Alerting { get; set; } = new();

    /// <summary>How alerts become incidents.</summary>
    public IncidentOptions Incidents { get; set; } = new();

    /// <summary>How far the platform may go.</summary>
    public ResponseOptionsSection Response { get; set; } = new();

    /// <summary>Who is told.</summary>
    public NotifyOptions Notify { get; set; } = new();

    /// <summary>What leaves about the platform itself.</summary>
    public TelemetryOptions Telemetry { get; set; } = new();
}
