namespace Observability.Simulator;

/// <summary>What has to be done about a fault: the class of action that a right answer proposes.</summary>
public enum RepairAction
{
    /// <summary>Nothing: it calls for no action, or it passes.</summary>
    None,

    /// <summary>Take the node out of service and replace or reseat the part.</summary>
    QuarantineNode,

    /// <summary>Drain the node and reset the GPU.</summary>
    ResetGpu,

    /// <summary>Drain the node and boot it anew.</summary>
    RebootNode,

    /// <summary>Clean, reseat or replace a cable or transceiver.</summary>
    InspectLink,

    /// <summary>Look at a switch and its uplinks.</summary>
    InspectSwitch,

    /// <summary>Look at power supplies and the feed of a node.</summary>
    InspectPower,

    /// <summary>Look at the processes, the disk or the memory of a host.</summary>
    InspectHost,

    /// <summary>Tell the owner of the job: the fault is in its code, data or configuration.</summary>
    TellJobOwner,

    /// <summary>Tell who runs the storage.</summary>
    TellStorage,

    /// <summary>Compute the same step on other GPUs and compare.</summary>
    ReplayStep,

    /// <summary>Plan a replacement: it lasts for now.</summary>
    Watch,

    /// <summary>Start a monitor again.</summary>
    RestoreMonitor,
}
