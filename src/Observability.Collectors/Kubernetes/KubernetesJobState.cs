namespace Observability.Collectors;

/// <summary>How far a job is.</summary>
internal enum KubernetesJobState
{
    /// <summary>It was made, and its pods are not there yet.</summary>
    Pending,

    /// <summary>It waits for its queue to admit it.</summary>
    Queued,

    /// <summary>Somebody holds it back.</summary>
    Suspended,

    /// <summary>Its pods run.</summary>
    Running,

    /// <summary>It is done.</summary>
    Succeeded,

    /// <summary>It gave up.</summary>
    Failed,
}
