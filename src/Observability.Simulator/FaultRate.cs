using Observability.Model;

namespace Observability.Simulator;

/// <summary>How often a fault comes: facts on published failures, section 5, and for planned work section 3.</summary>
/// <param name="Kind">One of <see cref="FaultClass"/>.</param>
/// <param name="Unit">What has the rate.</param>
/// <param name="PerHour">Faults per unit and hour.</param>
internal sealed record FaultRate(string Kind, EntityKind Unit, double PerHour)
{
    /// <summary>The published rates, one per kind.</summary>
    public static IReadOnlyList<FaultRate> Published { get; } =
    [
        new(FaultClass.GpuOffBus, EntityKind.Gpu, 1.4e-6),
        // 5 % of uncorrectable memory errors are not contained.
        new(FaultClass.EccUncontained, EntityKind.Gpu, 1.7e-7),
        new(FaultClass.RowRemapPending, EntityKind.Gpu, 3.4e-6),
        new(FaultClass.ThermalThrottle, EntityKind.Gpu, 2.8e-7),
        new(FaultClass.PcieWidthLoss, EntityKind.Gpu, 5e-7),
        // Optics that degrade.
        new(FaultClass.SlowNic, EntityKind.Nic, 1e-6),
        new(FaultClass.LeafFlap, EntityKind.Switch, 7e-7),
        // Watchdog timeouts without a known cause, 7 in 54 days on 16,384 GPUs.
        new(FaultClass.UserCodeHang, EntityKind.Gpu, 3.3e-7),
        // Mounts and remote file systems: 4.1 % of incidents, at the default of 1.97e-5 per GPU-hour.
        new(FaultClass.DataLoaderStall, EntityKind.Gpu, 8e-7),
        // Software bugs, 54 in 54 days on 16,384 GPUs.
        new(FaultClass.JobKilled, EntityKind.Gpu, 2.54e-6),
        new(FaultClass.MonitorSilent, EntityKind.Monitor, 1e-4),
        // 47 planned stops in 54 days on 2,048 nodes.
        new(FaultClass.Maintenance, EntityKind.Node, 1.77e-5),
    ];
}
