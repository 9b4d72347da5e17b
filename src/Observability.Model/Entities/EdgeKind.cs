namespace Observability.Model;

/// <summary>How two entities are related; the arrow points from the smaller or dependent one.</summary>
public enum EdgeKind
{
    /// <summary>GPU to node, NIC to node, node to rack, rack to PDU.</summary>
    PartOf,

    /// <summary>NIC to leaf switch, leaf to spine: what carries its traffic.</summary>
    Connects,

    /// <summary>Rank to GPU, pod to node: what it needs to run.</summary>
    RunsOn,

    /// <summary>Rank to job, pod to job.</summary>
    MemberOf,

    /// <summary>Monitor to node: what it watches.</summary>
    Watches,

    /// <summary>Service to service: whom it asks.</summary>
    Calls,

    /// <summary>Node to shared storage: what its processes read and write.</summary>
    Mounts,
}
