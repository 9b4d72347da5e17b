namespace Observability.Incidents;

/// <summary>What saw the trouble.</summary>
public enum ServiceAlertSource
{
    /// <summary>A metric left its range: each metric is a sign of its own.</summary>
    Metric,

    /// <summary>A request was slow or failed: one trouble shows on many operations.</summary>
    Trace,

    /// <summary>An unusual log line: one event writes many.</summary>
    Log,
}
