namespace Observability.Collectors;

/// <summary>What matters of a job object, or of a Workload that stands for one in a queue.</summary>
/// <param name="Kind">Its kind: <c>PyTorchJob</c>, <c>JobSet</c>, <c>Job</c>, <c>VolcanoJob</c>, <c>Workload</c>.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record KubernetesJob(string Kind, string Namespace, string Name)
{
    public string Uid { get; init; } = "";

    /// <summary>Who made it and looks after it, as <c>Kind/name</c>; empty where it stands alone.</summary>
    public string Owner { get; init; } = "";

    public string OwnerUid { get; init; } = "";

    /// <summary>The queue it was put into; empty for none.</summary>
    public string Queue { get; init; } = "";

    public string Priority { get; init; } = "";

    /// <summary>Pods of the whole gang.</summary>
    public int Pods { get; init; }

    /// <summary>Pods without which it does not start.</summary>
    public int LeastPods { get; init; }

    /// <summary>GPUs that the gang asks for.</summary>
    public int Gpus { get; init; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; init; }

    public KubernetesJobState State { get; init; }

    /// <summary>Why it is in its state, as its conditions say.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Since when it is in its state, or since when it is evicted.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Why its queue took its place away; empty while it has it or never had it.</summary>
    public string Evicted { get; init; } = "";

    public bool IsOver => State is KubernetesJobState.Succeeded or KubernetesJobState.Failed;

    public bool IsWorkload => Kind == "Workload";
}
