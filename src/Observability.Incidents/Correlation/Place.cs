using System.Collections.Frozen;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>Where an alert stands in the topology.</summary>
internal sealed record Place
{
    /// <summary>What the alert is about; null where nobody knows.</summary>
    public EntityId? Entity { get; private init; }

    /// <summary>The node it is on; null for what is on no single node, and for an echo of the job on its GPUs.</summary>
    public EntityId? Node { get; private init; }

    /// <summary>The leaf switch it hangs on.</summary>
    public EntityId? Leaf { get; private init; }

    /// <summary>Jobs that need it.</summary>
    public IReadOnlyCollection<EntityId> Jobs { get; private init; } = [];

    /// <summary>For an adapter that loses packets the jobs of the other ports of its leaf switch: what loses them may lose theirs.</summary>
    public IReadOnlyCollection<EntityId> LeafJobs { get; private init; } = [];

    /// <summary>Where it does not answer or a job waits for it: the shared storage itself, or whatever shared storage the job's nodes mount.</summary>
    public IReadOnlySet<EntityId> Storage { get; private init; } = FrozenSet<EntityId>.Empty;

    /// <summary>For a service the services from which trouble comes to it, and to which it hands trouble on, nearest first.</summary>
    public IReadOnlyList<CallPath> Calls { get; private init; } = [];

    /// <summary>True where the alert points at a fault itself.</summary>
    public bool IsCause { get; private init; }

    /// <summary>True for what a port shows of its link.</summary>
    public bool IsLink => Leaf is not null && !IsCause;

    /// <summary>True for a monitor, which is no part of what it watches.</summary>
    public bool IsMonitor => Entity is { Kind: EntityKind.Monitor };

    /// <summary>True for a service that calls or is called. A budget, or a part of this platform, is filed under one and is none.</summary>
    public bool IsService => Calls.Count > 0;

    /// <summary>True for a part of a node that can fail by itself: a GPU or a NIC.</summary>
    public bool IsPart => Node is not null && Entity is { Kind: EntityKind.Gpu or EntityKind.Nic };

    /// <summary>True for what a node is short of: processor time, memory, disk. No GPU or adapter of it is to blame.</summary>
    public bool IsHost { get; private init; }

    /// <summary>True for a GPU, a NIC, a rank or a node: something with a place in a rack.</summary>
    public bool IsDevice => Node is not null && !IsMonitor;

    /// <summary>True for what a job's end leaves on its GPUs.</summary>
    public bool IsEcho { get; private init; }

    /// <summary>True for what most nodes of a job say at once, so that it tells of the job and not of its own device.</summary>
    public bool IsOfJobAlone { get; private init; }

    /// <summary>True for a burning budget, which anything may have caused.</summary>
    public bool IsBudget { get; private init; }

    /// <summary>What a cause is filed under: its node, or itself where it has none.</summary>
    public EntityId? CauseKey => IsCause ? Node ?? Entity : null;

    /// <summary>The same place without a device: see <see cref="IsOfJobAlone"/>.</summary>
    public Place OfJobAlone() => this with { Node = null, IsEcho = true, IsOfJobAlone = true };

    /// <summary>Where an alert stands.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="graph">The topology.</param>
    /// <param name="isShadow">True for one that is not trusted yet, which is nobody's cause.</param>
    public static Place Of(Alert alert, Topology graph, bool isShadow = false)
    {
        var isCause = !isShadow && alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause;
        var isBudget = alert.Origin == AlertOrigin.Slo;
        if (alert.Entity is not { } id)
            return new Place { IsCause = isCause, IsBudget = isBudget };
        var jobs = id.Kind == EntityKind.Monitor ? [] : graph.JobsOn(id).ToArray();
        // XID 45 on a GPU is the echo of its job's end and says nothing of the GPU (facts/xid.md §3).
        var isEcho = alert.FaultClass == FaultClass.JobKilled && !isCause && jobs.Length > 0;
        var leaf = LeafOf(id, graph);
        return new Place
        {
            Entity = id,
            Node = isEcho ? null : graph.NodeOf(id),
            Leaf = leaf,
            LeafJobs = leaf is { } lossy && !isCause && OnlyLosesPackets(alert) ? graph.JobsOn(lossy) : [],
            Jobs = jobs,
            Storage = isCause && alert.FaultClass == FaultClass.StorageStall ? StorageOf(id, graph) : FrozenSet<EntityId>.Empty,
            Calls = id.Kind == EntityKind.Service && !isBudget ? CallPath.Of(id, graph) : [],
            IsCause = isCause,
            IsEcho = isEcho,
            IsHost = id.Kind == EntityKind.Node && alert.FaultClass != FaultClass.Maintenance && FaultClass.KindOf(alert.FaultClass) != VerdictKind.Hardware,
            IsBudget = isBudget,
        };
    }

    private static bool OnlyLosesPackets(Alert alert) => alert is { FaultClass: FaultClass.LeafFlap, Entity.Kind: EntityKind.Nic } && alert.Labels[AlertLabel.Severity] == "info";

    private static IReadOnlySet<EntityId> StorageOf(EntityId id, Topology graph) => id.Kind switch
    {
        EntityKind.Storage => new HashSet<EntityId> { id },
        EntityKind.Job => graph.StorageOf(id),
        _ => FrozenSet<EntityId>.Empty,
    };

    private static EntityId? LeafOf(EntityId id, Topology graph) => id.Kind switch
    {
        EntityKind.Nic => graph.Out(id, EdgeKind.Connects).Where(found => found.Kind != EntityKind.Cable).Select(found => (EntityId?)found).FirstOrDefault(),
        EntityKind.Switch => id,
        _ => null,
    };
}
