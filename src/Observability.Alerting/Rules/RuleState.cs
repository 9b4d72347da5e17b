namespace Observability.Alerting;

/// <summary>Prometheus's states of an alert and of an alerting rule.</summary>
public enum RuleState
{
    /// <summary>The condition does not hold.</summary>
    Inactive,

    /// <summary>It holds, but not yet for long enough.</summary>
    Pending,

    /// <summary>It has held long enough.</summary>
    Firing,
}
