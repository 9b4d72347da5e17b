namespace Observability.Model;

/// <summary>Who raised an alert.</summary>
public enum AlertOrigin
{
    /// <summary>A Prometheus rule of ours.</summary>
    Rule,

    /// <summary>An event matched the fault catalogue.</summary>
    Event,

    /// <summary>A detector.</summary>
    Detector,

    /// <summary>A burning error budget.</summary>
    Slo,

    /// <summary>A monitor that fell silent.</summary>
    Monitor,

    /// <summary>Another system, over the Alertmanager API.</summary>
    External,
}
