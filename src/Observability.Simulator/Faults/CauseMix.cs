using Observability.Model;

namespace Observability.Simulator;

/// <summary>What share of the failures that end a job each kind has: counts of published fleets, mapped to the kinds that show as they do.</summary>
internal static class CauseMix
{
    /// <summary>
    /// Llama 3 405B, 419 unexpected interruptions (V, arXiv 2407.21783). Assumed: 15 % of the faulty GPUs show as NVLink and the rest leaves the
    /// bus; 5 % of HBM errors and all of SRAM are not contained; of 35 for switch and cable 7 take a leaf along; hosts, boards, CPUs and
    /// memory end as a lost node.
    /// </summary>
    public static IReadOnlyDictionary<string, double> Llama3 { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        [FaultClass.GpuOffBus] = 148 * 0.85,
        [FaultClass.NvlinkError] = 148 * 0.15,
        [FaultClass.EccContained] = 72 * 0.95,
        [FaultClass.EccUncontained] = (72 * 0.05) + 19,
        [FaultClass.UserCodeError] = 54,
        [FaultKinds.NicDown] = 28 + 7,
        [FaultKinds.LeafDown] = 7,
        [FaultClass.NodeDown] = 32 + 8,
        [FaultClass.GspTimeout] = 17,
        [FaultClass.UserCodeHang] = 7,
        [FaultClass.SilentCorruption] = 6,
        [FaultClass.ThermalThrottle] = 6,
        [FaultKinds.DiskFull] = 3,
        [FaultClass.PowerBrake] = 3,
        [FaultClass.StorageStall] = 2,
    };

    /// <summary>Meta FT-HSDP, 678 interruptions (S, arXiv 2602.00277), mapped as <see cref="Llama3"/>; PCIe devices leave the bus.</summary>
    public static IReadOnlyDictionary<string, double> FtHsdp { get; } = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        [FaultClass.GpuOffBus] = 122 + (50 * 0.85),
        [FaultClass.NvlinkError] = 50 * 0.15,
        [FaultClass.EccContained] = 155 * 0.95,
        [FaultClass.EccUncontained] = (155 * 0.05) + 8,
        [FaultClass.UserCodeHang] = 61 + 7,
        [FaultClass.UserCodeError] = 48,
        [FaultClass.NodeDown] = 42 + 39 + 38 + 2,
        [FaultClass.SilentCorruption] = 37,
        [FaultKinds.NicDown] = 29,
        [FaultKinds.LeafDown] = 7,
        [FaultKinds.DiskFull] = 30,
        [FaultClass.ThermalThrottle] = 2 + 1,
    };

    /// <summary>Half of each: for fleets that publish a rate and no mix.</summary>
    public static IReadOnlyDictionary<string, double> Blend { get; } = Llama3.Keys.Union(FtHsdp.Keys).ToDictionary(
        kind => kind, kind => (Share(Llama3, kind) + Share(FtHsdp, kind)) / 2, StringComparer.Ordinal);

    /// <summary>A kind's share of a mix, 0 to 1.</summary>
    public static double Share(IReadOnlyDictionary<string, double> mix, string kind) => mix.GetValueOrDefault(kind) / mix.Values.Sum();
}
