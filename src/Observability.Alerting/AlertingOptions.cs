namespace Observability.Alerting;

/// <summary>Options of everything that raises an alert.</summary>
public sealed class AlertingOptions
{
    /// <summary>Rule groups.</summary>
    public RuleOptions Rules { get; set; } = new();

    /// <summary>Events and the fault catalogue.</summary>
    public EventOptions Events { get; set; } = new();

    /// <summary>Comparison of a job's ranks and GPUs with their peers.</summary>
    public PeerOutlierOptions Peers { get; set; } = new();

    /// <summary>Jobs that stand still.</summary>
    public HangOptions Hangs { get; set; } = new();
}
