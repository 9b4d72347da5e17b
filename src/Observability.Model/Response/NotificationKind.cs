namespace Observability.Model;

/// <summary>What a notification says.</summary>
public enum NotificationKind
{
    /// <summary>An incident has a verdict.</summary>
    Firing,

    /// <summary>Its verdict or its repair changed.</summary>
    Updated,

    /// <summary>It is over.</summary>
    Resolved,

    /// <summary>A step waits for a yes.</summary>
    Approval,

    /// <summary>A run failed or takes too long.</summary>
    Escalation,

    /// <summary>The platform asks whether an alert was worth waking someone.</summary>
    Question,

    /// <summary>An incident of nothing but alerts that the classifier moved to the digest has a verdict: it leaves with the next digest.</summary>
    Digest,
}
