using Observability.Model;

namespace Observability.Collectors;

/// <summary>What nvidia-smi says in words, as the numbers of DCGM and NVML, and as findings where the words are bad news.</summary>
internal static class NvidiaSmiStates
{
    /// <summary>
    /// Field 1523: 0 none, 1 reset the GPU, 2 reboot the node, 3 drain peers, 4 drain and reset (nvmlDeviceGpuRecoveryAction_t). Drivers
    /// before 550 say it with two flags.
    /// </summary>
    public static double? RecoveryAction(NvidiaSmiGpu gpu)
    {
        var stated = gpu["gpu_recovery_action"].Trim('[', ']', ' ');
        if (stated.Length > 0)
        {
            return stated switch
            {
                "None" => 0,
                "Reset" or "GPU Reset" or "GPU Reset Required" => 1,
                "Reboot" or "Node Reboot" or "Node Reboot Required" => 2,
                "Drain P2P" => 3,
                "Drain and Reset" => 4,
                _ => null,
            };
        }

        if (NvidiaSmiValue.Number(gpu["drain_and_reset_recommended"]) is 1)
            return 4;
        return NvidiaSmiValue.Number(gpu["reset_required"]);
    }

    /// <summary>
    /// Field 170 (dcgmFabricManagerStatus_t): 0 not supported, 1 not started, 2 in progress, 3 success, 4 failure. Null where neither a
    /// state nor a status is known.
    /// </summary>
    public static double? FabricStatus(NvidiaSmiGpu gpu) => gpu["fabric.state"].Trim('[', ']', ' ') switch
    {
        "Not Supported" => 0,
        "Not Started" => 1,
        "In Progress" => 2,
        "Completed" => gpu["fabric.status"].Trim('[', ']', ' ') is "Success" ? 3 : 4,
        _ => null,
    };

    /// <summary>Field 175: 0 not supported, 1 healthy, 2 unhealthy, 3 limited.</summary>
    public static double? FabricHealth(NvidiaSmiGpu gpu) => gpu["fabric.health.summary"].Trim('[', ']', ' ') switch
    {
        "Not Supported" => 0,
        "Healthy" => 1,
        "Unhealthy" => 2,
        "Limited Capacity" or "Limited" => 3,
        _ => null,
    };

    /// <summary>Bad states of a GPU: code of the catalogue, severity, the words that say so.</summary>
    public static IEnumerable<(string Code, EventSeverity Severity, string Words)> Findings(NvidiaSmiGpu gpu)
    {
        const EventSeverity fatal = EventSeverity.HardwareFatal;
        const EventSeverity degraded = EventSeverity.HardwareDegraded;
        if (gpu.Fields.FirstOrDefault(field => NvidiaSmiValue.IsLost(field.Value)) is { Key: { } lost, Value: var gone })
            yield return ("nvsmi:gpu_lost", fatal, $"{lost}: {gone}");
        else if (gpu.Fields.FirstOrDefault(field => NvidiaSmiValue.NeedsReset(field.Value)) is { Key: { } column, Value: var text })
            yield return ("nvsmi:gpu_reset_required", fatal, $"{column}: {text}");
        else if (RecoveryAction(gpu) is > 0 and var action)
            yield return (CodeOf(action), action is 3 ? degraded : fatal, gpu["gpu_recovery_action"] is { Length: > 0 } said ? $"gpu_recovery_action: {said}" : "gpu_reset_status: Yes");
        if (NvidiaSmiValue.Number(gpu["remapped_rows.failure"]) is 1)
            yield return ("nvsmi:row_remap_failure", fatal, "remapped_rows.failure: Yes");
        if (NvidiaSmiValue.Number(gpu["remapped_rows.pending"]) is 1)
            yield return ("nvsmi:row_remap_pending", degraded, "remapped_rows.pending: Yes");
        if (NvidiaSmiValue.Number(gpu["retired_pages.pending"]) is 1)
            yield return ("nvsmi:page_retirement_pending", degraded, "retired_pages.pending: Yes");
        if (NvidiaSmiValue.Number(gpu["ecc.errors.uncorrected.aggregate.sram.thresholdExceeded"]) is 1)
            yield return ("nvsmi:sram_threshold_exceeded", fatal, "ecc.errors.uncorrected.aggregate.sram.thresholdExceeded: Yes");
        if (FabricStatus(gpu) is 4 || FabricHealth(gpu) is 2)
        {
            yield return ("nvsmi:fabric_unhealthy", degraded,
                $"fabric.state: {gpu["fabric.state"]}, fabric.status: {gpu["fabric.status"]}, fabric.health.summary: {gpu["fabric.health.summary"]}");
        }
    }

    private static string CodeOf(double action) => action switch
    {
        2 => "nvsmi:node_reboot_required",
        3 => "nvsmi:drain_p2p",
        4 => "nvsmi:drain_and_reset",
        _ => "nvsmi:gpu_reset_required",
    };
}
