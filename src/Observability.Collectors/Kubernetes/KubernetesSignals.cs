using Observability.Model;

namespace Observability.Collectors;

/// <summary>What changed between two looks at a cluster, as events; and its state, as the series of kube-state-metrics.</summary>
internal static class KubernetesSignals
{

    // Where a version is written; a change of one is a change that may explain what comes after it.
    private static readonly (string Kind, string Label)[] Versions =
    [
        ("driver", "nvidia.com/cuda.driver-version.full"), ("driver", "nvidia.com/cuda.driver.full"), ("driver", "nvidia.com/gpu.driver-version"),
        ("driver", "amd.com/gpu.driver-version"), ("firmware", "nvidia.com/gpu.vbios-version"), ("firmware", "nvidia.com/mlnx.firmware-version"),
    ];

    /// <summary>State of nodes: <c>kube_node_spec_unschedulable</c> and <c>kube_node_status_condition</c>.</summary>
    public static IEnumerable<SeriesSample> Samples(IEnumerable<KubernetesNode> nodes, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        foreach (var node in nodes)
        {
            yield return Sample(LabelSet.Of((LabelSet.MetricNameLabel, "kube_node_spec_unschedulable"), ("node", node.Name)), node.Unschedulable);
            foreach (var condition in node.Conditions)
            {
                foreach (var status in (string[])["true", "false", "unknown"])
                {
                    yield return Sample(
                        LabelSet.Of((LabelSet.MetricNameLabel, "kube_node_status_condition"), ("node", node.Name), ("condition", condition.Type), ("status", status)),
                        condition.Status.Equals(status, StringComparison.OrdinalIgnoreCase));
                }
            }
        }

        SeriesSample Sample(LabelSet labels, bool holds) => new(labels, new Sample(time, holds ? 1 : 0));
    }

    /// <summary>What changed of a node.</summary>
    public static IEnumerable<TelemetryEvent> Changes(KubernetesNode before, KubernetesNode after, DateTimeOffset at)
    {
        var where = LabelSet.Of(("node", after.Name));
        foreach (var condition in after.Conditions)
        {
            var known = before.Conditions.FirstOrDefault(other => other.Type == condition.Type);
            if (condition.IsProblem && known is not { IsProblem: true })
                yield return Event(EventSource.Kubernetes, "k8s:condition_" + Snake(condition.Type), where, condition.Since ?? at, $"{condition.Type}={condition.Status} {condition.Reason}: {condition.Message}");
        }

        foreach (var (kind, label) in Versions)
        {
            if (Differ(before.Labels[label], after.Labels[label]))
                yield return Changed(kind, where, label, before.Labels[label], after.Labels[label], at);
        }

        if (Differ(before.KernelVersion, after.KernelVersion))
            yield return Changed("kernel", where, "kernelVersion", before.KernelVersion, after.KernelVersion, at);
        if (Differ(before.KubeletVersion, after.KubeletVersion))
            yield return Changed("kubelet", where, "kubeletVersion", before.KubeletVersion, after.KubeletVersion, at);
        if (Differ(before.BootId, after.BootId))
            yield return Changed("reboot", where, "bootID", before.BootId, after.BootId, at);
    }

    /// <summary>What changed of a pod: that it failed.</summary>
    public static TelemetryEvent? Failure(KubernetesPod? before, KubernetesPod after, DateTimeOffset at) => after.Phase != "Failed" || before is null or { Phase: "Failed" }
        ? null
        : Event(EventSource.Kubernetes, "k8s:pod_failed", LabelSet.Of(
            ("node", after.Node), ("namespace", after.Namespace), ("pod", after.Name), ("job_name", Gang.Of(after)?.Job ?? "")), at, $"{after.Namespace}/{after.Name}: {after.Reason}");

    private static bool Differ(string before, string after) => before.Length > 0 && after.Length > 0 && before != after;

    private static TelemetryEvent Changed(string kind, LabelSet where, string what, string before, string after, DateTimeOffset at) =>
        Event(EventSource.Change, "change:" + kind, where, at, $"{what} changed from {before} to {after}") with { Fields = LabelSet.Of(("text", $"{what} {before} -> {after}")) };

    private static TelemetryEvent Event(EventSource source, string code, LabelSet where, DateTimeOffset at, string text) => new()
    {
        At = at,
        Source = source,
        Code = code,
        Raw = text,
        Severity = EventSeverity.Warning,
        Labels = where,
        DedupeKey = $"{code}|{where}|{at:O}",
    };

    private static string Snake(string type) =>
        string.Concat(type.Select((letter, i) => char.IsUpper(letter) ? (i > 0 && !char.IsUpper(type[i - 1]) ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}
