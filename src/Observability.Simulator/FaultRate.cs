using Observability.Model;

namespace Observability.Simulator;

/// <summary>How often a fault comes: facts on published failures, section 5, and for planned work section 3.</summary>
/// <param name="Kind">One of <see cref="FaultKinds"/>.</param>
/// <param name="Unit">What has the rate.</param>
/// <param name="PerHour">Faults per unit and hour.</param>
/// <param name="Source">Where the number comes from: V verified in the source, S second hand, A assumed, with c where it is calculated.</param>
public sealed record FaultRate(string Kind, EntityKind Unit, double PerHour, string Source)
{
    /// <summary>Rates of the kinds that the script has, one per kind, whatever the fleet.</summary>
    public static IReadOnlyList<FaultRate> Published { get; } =
    [
        new(FaultClass.GpuOffBus, EntityKind.Gpu, 1.4e-6, "A: a fifth of Llama 3's faulty GPUs"),
        new(FaultClass.EccUncontained, EntityKind.Gpu, 1.7e-7, "A: 5 % of uncorrectable memory errors are not contained"),
        new(FaultClass.RowRemapPending, EntityKind.Gpu, 3.4e-6, "Vc: Llama 3, GPU HBM3 memory"),
        new(FaultClass.ThermalThrottle, EntityKind.Gpu, 2.8e-7, "Vc: Llama 3, thermal interface and sensor"),
        new(FaultClass.PcieWidthLoss, EntityKind.Gpu, 5e-7, "A"),
        new(FaultClass.SlowNic, EntityKind.Nic, 1e-6, "A: optics that degrade"),
        new(FaultClass.LeafFlap, EntityKind.Switch, 7e-7, "Vc: HPN, 0.051 % of leaf switches a month"),
        new(FaultClass.UserCodeHang, EntityKind.Gpu, 3.3e-7, "Vc: Llama 3, NCCL watchdog, 7 in 54 days on 16,384 GPUs"),
        new(FaultClass.DataLoaderStall, EntityKind.Gpu, 8e-7, "Vc: ByteRobust, mounts and remote file systems 4.1 % of incidents, at 1.97e-5 per GPU-hour"),
        new(FaultClass.JobKilled, EntityKind.Gpu, 2.54e-6, "Vc: Llama 3, software bugs, 54 in 54 days on 16,384 GPUs"),
        new(FaultClass.MonitorSilent, EntityKind.Monitor, 1e-4, "A"),
        new(FaultClass.Maintenance, EntityKind.Node, 1.77e-5, "Vc: Llama 3, 47 planned stops in 54 days on 2,048 nodes"),
    ];
}
