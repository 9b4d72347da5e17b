using Observability.Model;

namespace Observability.Collectors;

/// <summary>What matters of a node object.</summary>
internal sealed record KubernetesNode(string Name)
{
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    public bool Unschedulable { get; init; }

    /// <summary>Identity of the boot; another one means that the node restarted.</summary>
    public string BootId { get; init; } = "";

    public string KernelVersion { get; init; } = "";

    public string KubeletVersion { get; init; } = "";

    public IReadOnlyList<KubernetesCondition> Conditions { get; init; } = [];
}
