using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>What every part of the cluster works on: the store, the fleet, the limits, the cordon truth and a sequence for identities.</summary>
internal sealed class ClusterState(IClusterWorkloads workloads, KubernetesOptions options)
{
    private readonly List<CordonChange> _cordons = [];
    private long _sequence;

    public IClusterWorkloads Workloads { get; } = workloads;

    public KubernetesOptions Options { get; } = options;

    public ObjectStore Store { get; } = new(options.HistoryLimit);

    public IReadOnlyList<CordonChange> Cordons => [.. _cordons];

    /// <summary>Grows by one with every call; names and identities are made of it.</summary>
    public long Next() => ++_sequence;

    /// <summary>A UID that looks like the real ones and is the same in every run.</summary>
    public string NextUid() => $"5e0b5e55-0000-4000-8000-{Next():x12}";

    public void Record(CordonChange change)
    {
        _cordons.Add(change);
        if (_cordons.Count <= Options.CordonLimit)
            return;
        _cordons.RemoveAt(0);
        KubernetesMetrics.CordonsDropped.Add(1);
    }

    /// <summary>Makes a new object with its metadata.</summary>
    public JsonObject Create(ResourceKind kind, string ns, string name, DateTimeOffset now, string uid = "")
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns.Length > 0)
            metadata["namespace"] = ns;
        metadata["uid"] = uid.Length > 0 ? uid : NextUid();
        metadata["creationTimestamp"] = JsonFields.Stamp(now);
        if (kind.Generations)
            metadata["generation"] = 1;
        return new JsonObject { ["apiVersion"] = kind.ApiVersion, ["kind"] = kind.Kind, ["metadata"] = metadata };
    }
}
