namespace Observability.Simulator;

/// <summary>The resources served, in the order discovery lists them.</summary>
internal static class ResourceKinds
{
    private static readonly string[] _read = ["get", "list", "watch"];
    private static readonly string[] _all = ["create", "delete", "get", "list", "patch", "update", "watch"];
    private static readonly string[] _status = ["status"];

    public static ResourceKind Namespaces { get; } = new()
    {
        Group = "",
        Plural = "namespaces",
        Kind = "Namespace",
        Namespaced = false,
        ShortNames = ["ns"],
        Verbs = ["create", "get", "list", "patch", "update", "watch"],
        Subresources = _status,
        FieldLabels = ["status.phase"],
    };

    /// <summary>Nodes come and go with the fleet: no create, no delete.</summary>
    public static ResourceKind Nodes { get; } = new()
    {
        Group = "",
        Plural = "nodes",
        Kind = "Node",
        Namespaced = false,
        ShortNames = ["no"],
        Verbs = ["get", "list", "patch", "update", "watch"],
        Subresources = _status,
        FieldLabels = ["spec.unschedulable"],
    };

    /// <summary>Pods are the fleet's: no create.</summary>
    public static ResourceKind Pods { get; } = new()
    {
        Group = "",
        Plural = "pods",
        Kind = "Pod",
        ShortNames = ["po"],
        Verbs = ["delete", "get", "list", "patch", "update", "watch"],
        Subresources = ["status", "eviction"],
        FieldLabels = ["spec.nodeName", "status.phase", "spec.restartPolicy", "status.podIP"],
    };

    public static ResourceKind Events { get; } = new()
    {
        Group = "",
        Plural = "events",
        Kind = "Event",
        ShortNames = ["ev"],
        Verbs = _all,
        CreateOnUpdate = true,
        FieldLabels =
        [
            "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
            "involvedObject.apiVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
        ],
    };

    public static ResourceKind NewEvents { get; } = new()
    {
        Group = "events.k8s.io",
        Plural = "events",
        Kind = "Event",
        ShortNames = ["ev"],
        Verbs = _all,
        CreateOnUpdate = true,
        FieldLabels =
        [
            "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "reason", "reportingController", "type",
        ],
    };

    public static ResourceKind DisruptionBudgets { get; } = new()
    {
        Group = "policy",
        Plural = "poddisruptionbudgets",
        Kind = "PodDisruptionBudget",
        ShortNames = ["pdb"],
        Verbs = _all,
        Subresources = _status,
        VersionRequired = true,
        Generations = true,
    };

    public static ResourceKind Leases { get; } = new()
    {
        Group = "coordination.k8s.io",
        Plural = "leases",
        Kind = "Lease",
        Verbs = _all,
        VersionRequired = true,
        CreateOnUpdate = true,
    };

    public static ResourceKind DaemonSets { get; } = new()
    {
        Group = "apps",
        Plural = "daemonsets",
        Kind = "DaemonSet",
        ShortNames = ["ds"],
        Verbs = _read,
    };

    public static ResourceKind ReplicaSets { get; } = new()
    {
        Group = "apps",
        Plural = "replicasets",
        Kind = "ReplicaSet",
        ShortNames = ["rs"],
        Verbs = _read,
    };

    public static ResourceKind StatefulSets { get; } = new()
    {
        Group = "apps",
        Plural = "statefulsets",
        Kind = "StatefulSet",
        ShortNames = ["sts"],
        Verbs = _read,
    };

    public static ResourceKind Jobs { get; } = new()
    {
        Group = "batch",
        Plural = "jobs",
        Kind = "Job",
        Verbs = _read,
    };

    public static IReadOnlyList<ResourceKind> All { get; } =
    [
        Namespaces, Nodes, Pods, Events, DaemonSets, ReplicaSets, StatefulSets, Jobs, Leases, NewEvents, DisruptionBudgets,
    ];

    /// <summary>Kinds of owner the cluster shows as objects of their own.</summary>
    public static IReadOnlyList<ResourceKind> Owners { get; } = [DaemonSets, ReplicaSets, StatefulSets, Jobs];

    public static ResourceKind? Find(string group, string version, string plural) =>
        All.FirstOrDefault(kind => kind.Group == group && kind.Version == version && kind.Plural == plural);
}
