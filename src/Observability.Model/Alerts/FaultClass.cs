using System.Collections.Frozen;

namespace Observability.Model;

/// <summary>
/// The kinds of faults, spelt one way in rules, catalogue, verdicts, runbooks and the simulator's ground truth.
/// A site may add more in its rules; these are the ones the platform knows by itself.
/// </summary>
public static class FaultClass
{
    /// <summary>XID 79 and relatives: the GPU no longer answers.</summary>
    public const string GpuOffBus = "gpu_off_bus";

    /// <summary>XID 95: uncontained memory error.</summary>
    public const string EccUncontained = "ecc_uncontained";

    /// <summary>XID 48, 94: contained memory error.</summary>
    public const string EccContained = "ecc_contained";

    /// <summary>XID 63: a row remap waits for a reset.</summary>
    public const string RowRemapPending = "row_remap_pending";

    /// <summary>A GPU slows down to stay cool and its job waits for it.</summary>
    public const string ThermalThrottle = "thermal_throttle";

    /// <summary>One adapter or its cable is slow or lossy.</summary>
    public const string SlowNic = "slow_nic";

    /// <summary>A leaf switch, or what all its ports share, goes down and up.</summary>
    public const string LeafFlap = "leaf_flap";

    /// <summary>A PCIe link runs with fewer lanes or a lower speed than it should.</summary>
    public const string PcieWidthLoss = "pcie_width_loss";

    /// <summary>XID 74, 144 to 150, SXid.</summary>
    public const string NvlinkError = "nvlink_error";

    /// <summary>XID 119, 120: the GPU's system processor does not answer.</summary>
    public const string GspTimeout = "gsp_timeout";

    /// <summary>The chassis holds all GPUs of a node back: a power supply or its feed.</summary>
    public const string PowerBrake = "power_brake";

    /// <summary>A GPU computes wrongly and no sensor says so: only the same step, computed again, can tell.</summary>
    public const string SilentCorruption = "silent_corruption";

    /// <summary>A whole node is gone.</summary>
    public const string NodeDown = "node_down";

    /// <summary>The job stands still and no hardware says why.</summary>
    public const string UserCodeHang = "user_code_hang";

    /// <summary>The application failed by itself: XID 13, 31, 43, a traceback on many ranks.</summary>
    public const string UserCodeError = "user_code_error";

    /// <summary>Ranks wait for input data.</summary>
    public const string DataLoaderStall = "data_loader_stall";

    /// <summary>Shared storage does not answer: whoever reads or writes there stands still.</summary>
    public const string StorageStall = "storage_stall";

    /// <summary>A job was killed; its XID 45 lines are the echo.</summary>
    public const string JobKilled = "job_killed";

    /// <summary>A monitor no longer answers while what it watches lives.</summary>
    public const string MonitorSilent = "monitor_silent";

    /// <summary>Code, a configuration or a version that was put in place shortly before: it is to be taken back, and no device to be repaired.</summary>
    public const string BadChange = "bad_change";

    /// <summary>Announced work on a node.</summary>
    public const string Maintenance = "maintenance";

    /// <summary>A rank is slower than its peers and nothing says why.</summary>
    public const string Straggler = "straggler";

    /// <summary>Nothing fits.</summary>
    public const string Unknown = "unknown";

    private static readonly FrozenSet<string> NotHardware = FrozenSet.ToFrozenSet(
        [UserCodeHang, UserCodeError, DataLoaderStall, StorageStall, JobKilled, BadChange, MonitorSilent, Maintenance], StringComparer.Ordinal);

    private static readonly FrozenSet<string> Hardware = FrozenSet.ToFrozenSet(
        [
            GpuOffBus, EccUncontained, EccContained, RowRemapPending, ThermalThrottle, SlowNic, LeafFlap, PcieWidthLoss,
            NvlinkError, GspTimeout, PowerBrake, SilentCorruption, NodeDown,
        ],
        StringComparer.Ordinal);

    /// <summary>Every class the platform knows.</summary>
    public static IEnumerable<string> All => Hardware.Concat(NotHardware).Append(Straggler).Append(Unknown);

    /// <summary>Which kind of verdict a class leads to.</summary>
    public static VerdictKind KindOf(string faultClass) =>
        Hardware.Contains(faultClass) ? VerdictKind.Hardware
        : NotHardware.Contains(faultClass) ? VerdictKind.NotHardware
        : VerdictKind.Unknown;
}
