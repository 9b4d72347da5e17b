namespace Observability.Alerting;

/// <summary>Whether the last evaluation of a rule worked.</summary>
public enum RuleHealth
{
    /// <summary>Not evaluated yet.</summary>
    Unknown,

    /// <summary>It worked.</summary>
    Ok,

    /// <summary>It failed; the alerts are those of the last good evaluation.</summary>
    Err,
}
