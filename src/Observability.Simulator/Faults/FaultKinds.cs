using Observability.Model;

namespace Observability.Simulator;

/// <summary>
/// Everything that can happen to a simulated fleet: the rows of the table in facts on published failures, section 5, and what looks
/// like them. A name that is also a <see cref="FaultClass"/> means the same; the others are finer than the platform's classes.
/// </summary>
public static class FaultKinds
{
    /// <summary>Corrected memory errors and remapped rows climb; the GPU works on, now and then a little slower.</summary>
    public const string EccCreep = "ecc_creep";

    /// <summary>One adapter's port goes down and stays down.</summary>
    public const string NicDown = "nic_down";

    /// <summary>One link goes down and up, shorter than transport retries last.</summary>
    public const string LinkFlap = "link_flap";

    /// <summary>A transceiver loses light: corrected bits first, damaged symbols later, a flap at last.</summary>
    public const string OpticsDegradation = "optics_degradation";

    /// <summary>A switch loses a few packets and reports nothing; only hashed flows retransmit.</summary>
    public const string GrayLoss = "gray_loss";

    /// <summary>The fabric is full: every adapter of a rail is told to slow down, and no device is at fault.</summary>
    public const string Congestion = "congestion";

    /// <summary>A leaf switch is gone with all its ports.</summary>
    public const string LeafDown = "leaf_down";

    /// <summary>Something else uses the processors of a node, and the batches come late.</summary>
    public const string CpuContention = "cpu_contention";

    /// <summary>A local disk fills up until a write fails.</summary>
    public const string DiskFull = "disk_full";

    /// <summary>A node runs out of memory and the kernel kills a rank.</summary>
    public const string OutOfMemory = "out_of_memory";

    /// <summary>New code of a job is rolled out and is at fault: the job starts with it, and soon hangs, fails or is slow.</summary>
    public const string BadDeploy = "bad_deploy";

    /// <summary>Another driver of a node is at fault: its GPUs fail within seconds once its job uses them.</summary>
    public const string BadDriver = "bad_driver";

    /// <summary>Looks alarming: new code of a job is rolled out, and all is well with it.</summary>
    public const string Deploy = "deploy";

    /// <summary>Looks alarming: a node gets another driver, and all is well with it.</summary>
    public const string DriverUpdate = "driver_update";

    /// <summary>Looks alarming: all GPUs run at a lowered power limit.</summary>
    public const string PowerCap = "power_cap";

    /// <summary>Looks alarming: warm air for everyone.</summary>
    public const string HotAfternoon = "hot_afternoon";

    /// <summary>Looks alarming: a job is stopped and started by its owner.</summary>
    public const string JobRestart = "job_restart";

    /// <summary>Looks alarming: a checkpoint takes long and everything dips.</summary>
    public const string LongCheckpoint = "long_checkpoint";

    /// <summary>Looks alarming: long sequences make another rank slow in every step.</summary>
    public const string SequenceImbalance = "sequence_imbalance";

    /// <summary>Looks alarming: storage is slow for everyone, and nothing stops.</summary>
    public const string SlowStorage = "slow_storage";

    /// <summary>Looks alarming: an exporter is away for a scrape or two.</summary>
    public const string ExporterRestart = "exporter_restart";

    /// <summary>Looks alarming: a counter reads zero every other time.</summary>
    public const string FlappingCounter = "flapping_counter";

    /// <summary>Looks alarming: a node's clock is minutes off and drifts, and its kernel log tells wrong times.</summary>
    public const string ClockSkew = "clock_skew";

    /// <summary>Looks alarming: an exporter gives what it gathered half a minute or two ago, with the time of that.</summary>
    public const string LateSamples = "late_samples";

    /// <summary>Looks alarming: a node's log agent holds lines back for minutes and then gives all of them.</summary>
    public const string LateLogs = "late_logs";

    private static readonly TimeSpan NextSecond = TimeSpan.FromSeconds(1);

    /// <summary>Every kind there is, faults first.</summary>
    public static IReadOnlyList<FaultKind> All { get; } =
    [
        Broken(FaultClass.GpuOffBus, EntityKind.Gpu, RepairAction.QuarantineNode),
        Broken(FaultClass.EccContained, EntityKind.Gpu, RepairAction.ResetGpu),
        Broken(FaultClass.EccUncontained, EntityKind.Gpu, RepairAction.QuarantineNode),
        Broken(FaultClass.RowRemapPending, EntityKind.Gpu, RepairAction.ResetGpu),
        Broken(EccCreep, EntityKind.Gpu, RepairAction.Watch, FaultClass.EccContained),
        Broken(FaultClass.GspTimeout, EntityKind.Gpu, RepairAction.RebootNode),
        Broken(FaultClass.NvlinkError, EntityKind.Gpu, RepairAction.QuarantineNode),
        Broken(FaultClass.PcieWidthLoss, EntityKind.Gpu, RepairAction.QuarantineNode),
        Broken(FaultClass.ThermalThrottle, EntityKind.Gpu, RepairAction.QuarantineNode),
        Broken(FaultClass.PowerBrake, EntityKind.Node, RepairAction.InspectPower),
        Broken(FaultClass.SilentCorruption, EntityKind.Gpu, RepairAction.ReplayStep, FaultClass.SilentCorruption, FaultClass.Unknown) with { FirstSymptomShare = 0.4 },
        Broken(FaultClass.SlowNic, EntityKind.Nic, RepairAction.InspectLink),
        Broken(NicDown, EntityKind.Nic, RepairAction.InspectLink, FaultClass.SlowNic, FaultClass.LeafFlap),
        Broken(LinkFlap, EntityKind.Nic, RepairAction.InspectLink, FaultClass.SlowNic, FaultClass.LeafFlap),
        Broken(OpticsDegradation, EntityKind.Nic, RepairAction.InspectLink, FaultClass.SlowNic),
        Broken(GrayLoss, EntityKind.Switch, RepairAction.InspectSwitch, FaultClass.LeafFlap, FaultClass.SlowNic, FaultClass.Unknown),
        Broken(FaultClass.LeafFlap, EntityKind.Switch, RepairAction.InspectSwitch),
        Broken(LeafDown, EntityKind.Switch, RepairAction.InspectSwitch, FaultClass.LeafFlap),
        Broken(FaultClass.NodeDown, EntityKind.Node, RepairAction.RebootNode),
        Other(Congestion, EntityKind.Switch, RepairAction.None, FaultClass.Unknown, FaultClass.Straggler),
        Other(CpuContention, EntityKind.Node, RepairAction.InspectHost, FaultClass.Straggler, FaultClass.Unknown),
        Other(DiskFull, EntityKind.Node, RepairAction.InspectHost, FaultClass.UserCodeError, FaultClass.JobKilled) with { FirstSymptom = NextSecond },
        Other(OutOfMemory, EntityKind.Node, RepairAction.InspectHost, FaultClass.UserCodeError) with { FirstSymptom = NextSecond },
        Other(FaultClass.StorageStall, EntityKind.Storage, RepairAction.TellStorage),
        Other(FaultClass.DataLoaderStall, EntityKind.Job, RepairAction.TellStorage) with { ShowsInSteps = true },
        Other(FaultClass.UserCodeHang, EntityKind.Job, RepairAction.TellJobOwner) with { ShowsInSteps = true, StopsJobByItself = true },
        Other(FaultClass.UserCodeError, EntityKind.Job, RepairAction.TellJobOwner),
        Other(FaultClass.JobKilled, EntityKind.Job, RepairAction.TellJobOwner),
        Other(FaultClass.Straggler, EntityKind.Job, RepairAction.TellJobOwner, FaultClass.Straggler, FaultClass.Unknown) with { ShowsInSteps = true },
        Other(BadDeploy, EntityKind.Job, RepairAction.TellJobOwner, FaultClass.BadChange) with { ShowsInSteps = true, StopsJobByItself = true },
        Other(BadDriver, EntityKind.Node, RepairAction.InspectHost, FaultClass.BadChange) with { ShowsInSteps = true },
        Other(FaultClass.MonitorSilent, EntityKind.Monitor, RepairAction.RestoreMonitor),
        Other(FaultClass.Maintenance, EntityKind.Node, RepairAction.None),
        Negative(PowerCap, EntityKind.Cluster),
        Negative(HotAfternoon, EntityKind.Cluster),
        Negative(JobRestart, EntityKind.Job),
        Negative(Deploy, EntityKind.Job),
        Negative(DriverUpdate, EntityKind.Node),
        Negative(LongCheckpoint, EntityKind.Job),
        Negative(SequenceImbalance, EntityKind.Job),
        Negative(SlowStorage, EntityKind.Storage),
        Negative(ExporterRestart, EntityKind.Monitor),
        Negative(FlappingCounter, EntityKind.Nic),
    ];

    /// <summary>
    /// What is wrong with how a fleet is seen: nothing of the fleet is to blame. Apart from <see cref="All"/>, so that what was drawn from that by
    /// chance stays the same.
    /// </summary>
    public static IReadOnlyList<FaultKind> Collection { get; } =
        [Negative(ClockSkew, EntityKind.Node), Negative(LateSamples, EntityKind.Monitor), Negative(LateLogs, EntityKind.Node)];

    /// <summary>What is wrong.</summary>
    public static IEnumerable<FaultKind> Faults => All.Where(kind => !kind.IsNegative);

    /// <summary>What only looks wrong.</summary>
    public static IEnumerable<FaultKind> Negatives => All.Where(kind => kind.IsNegative);

    private static readonly Dictionary<string, FaultKind> ByName = All.Concat(Collection).ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>The kind with a name; null where there is none.</summary>
    public static FaultKind? Find(string name) => ByName.GetValueOrDefault(name);

    private static FaultKind Broken(string name, EntityKind hits, RepairAction action, params string[] classes) =>
        new(name, hits, action) { IsHardware = true, Classes = classes.Length > 0 ? classes : [name] };

    private static FaultKind Other(string name, EntityKind hits, RepairAction action, params string[] classes) =>
        new(name, hits, action) { Classes = classes.Length > 0 ? classes : [name] };

    private static FaultKind Negative(string name, EntityKind hits) => new(name, hits, RepairAction.None) { IsNegative = true };
}
