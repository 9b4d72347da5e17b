using Observability.Model;

namespace Observability.Incidents;

/// <summary>What kinds of faults do to a job (facts/failures.md §5).</summary>
internal static class FaultEffect
{
    /// <summary>The effect of a class; unknown for what may do either.</summary>
    public static JobEffect Of(string faultClass) => faultClass switch
    {
        FaultClass.GpuOffBus or FaultClass.EccUncontained or FaultClass.GspTimeout or FaultClass.NodeDown or FaultClass.StorageStall or FaultClass.UserCodeHang => JobEffect.Stops,
        FaultClass.ThermalThrottle or FaultClass.PcieWidthLoss or FaultClass.SlowNic or FaultClass.DataLoaderStall or FaultClass.PowerBrake => JobEffect.Slows,
        FaultClass.MonitorSilent or FaultClass.RowRemapPending or FaultClass.SilentCorruption => JobEffect.None,
        _ => JobEffect.Unknown,
    };
}
