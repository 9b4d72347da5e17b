using Observability.Model;

namespace Observability.Collectors;

/// <summary>What matters of a pod object.</summary>
internal sealed record KubernetesPod(string Namespace, string Name)
{
    public string Uid { get; init; } = "";

    public string Node { get; init; } = "";

    public string Phase { get; init; } = "";

    /// <summary>Why it failed: the pod's own reason, else that of a container that ended (<c>OOMKilled</c>, <c>Error</c>).</summary>
    public string Reason { get; init; } = "";

    public DateTimeOffset? Started { get; init; }

    public LabelSet Labels { get; init; } = LabelSet.Empty;

    public LabelSet Annotations { get; init; } = LabelSet.Empty;

    /// <summary>Literal environment variables of its containers.</summary>
    public LabelSet Environment { get; init; } = LabelSet.Empty;

    /// <summary>GPUs that its containers ask for.</summary>
    public int Gpus { get; init; }

    /// <summary>True while it holds its node.</summary>
    public bool IsRunning => Node.Length > 0 && Phase is not ("Succeeded" or "Failed");
}
