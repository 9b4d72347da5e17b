namespace Observability.Model;

/// <summary>What can fail, contain or carry something.</summary>
public enum EntityKind
{
    /// <summary>The whole cluster.</summary>
    Cluster,

    /// <summary>A power distribution unit that feeds racks.</summary>
    Pdu,

    /// <summary>A rack.</summary>
    Rack,

    /// <summary>A host.</summary>
    Node,

    /// <summary>One accelerator; its name is the UUID.</summary>
    Gpu,

    /// <summary>An adapter; its name is <c>node/device</c>.</summary>
    Nic,

    /// <summary>An NVSwitch inside a node.</summary>
    NvSwitch,

    /// <summary>A leaf, spine or core switch.</summary>
    Switch,

    /// <summary>A cable between two ports.</summary>
    Cable,

    /// <summary>Shared storage: a file system that many nodes mount; its name is the device that they mount.</summary>
    Storage,

    /// <summary>A training job.</summary>
    Job,

    /// <summary>One process of a job; its name is <c>job/rank</c>.</summary>
    Rank,

    /// <summary>A Kubernetes pod; its name is <c>namespace/pod</c>.</summary>
    Pod,

    /// <summary>A monitor: an exporter, agent or scrape target; its name is <c>node/exporter</c>.</summary>
    Monitor,

    /// <summary>A change: a deploy, a driver version, a configuration.</summary>
    Change,

    /// <summary>A service that is none of the above.</summary>
    Service,

    /// <summary>A part of an accelerator with memory of its own: a MIG instance, an AMD partition; its name begins with the board's.</summary>
    GpuPartition,

    /// <summary>Where a GPU sits in its node; it stays when the GPU is swapped.</summary>
    Slot,
}
