using System.Collections.Frozen;

namespace Observability.Collectors;

/// <summary>
/// From elements of <c>nvidia-smi -q -x</c> to the columns of <c>--query-gpu</c>. The document types v11, v12 and v13 spell some of
/// them differently; a document has one of the spellings.
/// </summary>
internal static class NvidiaSmiPaths
{
    private static readonly FrozenDictionary<string, string> Columns = new Dictionary<string, string>
    {
        ["product_name"] = "name",
        ["uuid"] = "uuid",
        ["serial"] = "serial",
        ["minor_number"] = "minor_number",
        ["vbios_version"] = "vbios_version",
        ["pci/pci_bus_id"] = "pci.bus_id",
        ["pci/pci_gpu_link_info/pcie_gen/current_link_gen"] = "pcie.link.gen.current",
        ["pci/pci_gpu_link_info/pcie_gen/max_link_gen"] = "pcie.link.gen.max",
        ["pci/pci_gpu_link_info/link_widths/current_link_width"] = "pcie.link.width.current",
        ["pci/pci_gpu_link_info/link_widths/max_link_width"] = "pcie.link.width.max",
        ["pci/replay_counter"] = "pcie.replay_counter",
        ["pci/tx_util"] = "pcie.tx_util",
        ["pci/rx_util"] = "pcie.rx_util",
        ["mig_mode/current_mig"] = "mig.mode.current",
        ["ecc_mode/current_ecc"] = "ecc.mode.current",
        ["ecc_mode/pending_ecc"] = "ecc.mode.pending",
        ["persistence_mode"] = "persistence_mode",
        ["fan_speed"] = "fan.speed",
        ["performance_state"] = "pstate",
        ["gpu_recovery_action"] = "gpu_recovery_action",
        ["gpu_reset_status/reset_required"] = "reset_required",
        ["gpu_reset_status/drain_and_reset_recommended"] = "drain_and_reset_recommended",
        ["fb_memory_usage/total"] = "memory.total",
        ["fb_memory_usage/reserved"] = "memory.reserved",
        ["fb_memory_usage/used"] = "memory.used",
        ["fb_memory_usage/free"] = "memory.free",
        ["bar1_memory_usage/total"] = "bar1.total",
        ["bar1_memory_usage/used"] = "bar1.used",
        ["bar1_memory_usage/free"] = "bar1.free",
        ["utilization/gpu_util"] = "utilization.gpu",
        ["utilization/memory_util"] = "utilization.memory",
        ["utilization/encoder_util"] = "utilization.encoder",
        ["utilization/decoder_util"] = "utilization.decoder",
        ["ecc_errors/volatile/sram_correctable"] = "ecc.errors.corrected.volatile.sram",
        ["ecc_errors/volatile/sram_uncorrectable"] = "ecc.errors.uncorrected.volatile.sram",
        ["ecc_errors/volatile/sram_uncorrectable_parity"] = "ecc.errors.uncorrected.volatile.sram.parity",
        ["ecc_errors/volatile/sram_uncorrectable_secded"] = "ecc.errors.uncorrected.volatile.sram.secded",
        ["ecc_errors/volatile/dram_correctable"] = "ecc.errors.corrected.volatile.dram",
        ["ecc_errors/volatile/dram_uncorrectable"] = "ecc.errors.uncorrected.volatile.dram",
        ["ecc_errors/aggregate/sram_correctable"] = "ecc.errors.corrected.aggregate.sram",
        ["ecc_errors/aggregate/sram_uncorrectable"] = "ecc.errors.uncorrected.aggregate.sram",
        ["ecc_errors/aggregate/sram_uncorrectable_parity"] = "ecc.errors.uncorrected.aggregate.sram.parity",
        ["ecc_errors/aggregate/sram_uncorrectable_secded"] = "ecc.errors.uncorrected.aggregate.sram.secded",
        ["ecc_errors/aggregate/dram_correctable"] = "ecc.errors.corrected.aggregate.dram",
        ["ecc_errors/aggregate/dram_uncorrectable"] = "ecc.errors.uncorrected.aggregate.dram",
        ["ecc_errors/aggregate/sram_threshold_exceeded"] = "ecc.errors.uncorrected.aggregate.sram.thresholdExceeded",
        ["ecc_errors/volatile/single_bit/total"] = "ecc.errors.corrected.volatile.total",
        ["ecc_errors/volatile/double_bit/total"] = "ecc.errors.uncorrected.volatile.total",
        ["ecc_errors/aggregate/single_bit/total"] = "ecc.errors.corrected.aggregate.total",
        ["ecc_errors/aggregate/double_bit/total"] = "ecc.errors.uncorrected.aggregate.total",
        ["ecc_errors/unrepairable_memory"] = "unrepairable_memory",
        ["retired_pages/multiple_single_bit_retirement/retired_count"] = "retired_pages.single_bit_ecc.count",
        ["retired_pages/double_bit_retirement/retired_count"] = "retired_pages.double_bit.count",
        ["retired_pages/pending_retirement"] = "retired_pages.pending",
        ["remapped_rows/remapped_row_corr"] = "remapped_rows.correctable",
        ["remapped_rows/remapped_row_unc"] = "remapped_rows.uncorrectable",
        ["remapped_rows/remapped_row_pending"] = "remapped_rows.pending",
        ["remapped_rows/remapped_row_failure"] = "remapped_rows.failure",
        ["remapped_rows/row_remapper_histogram/row_remapper_histogram_max"] = "remapped_rows.histogram.max",
        ["remapped_rows/row_remapper_histogram/row_remapper_histogram_high"] = "remapped_rows.histogram.high",
        ["remapped_rows/row_remapper_histogram/row_remapper_histogram_partial"] = "remapped_rows.histogram.partial",
        ["remapped_rows/row_remapper_histogram/row_remapper_histogram_low"] = "remapped_rows.histogram.low",
        ["remapped_rows/row_remapper_histogram/row_remapper_histogram_none"] = "remapped_rows.histogram.none",
        ["temperature/gpu_temp"] = "temperature.gpu",
        ["temperature/gpu_temp_tlimit"] = "temperature.gpu.tlimit",
        ["temperature/gpu_temp_max_threshold"] = "temperature.shutdown",
        ["temperature/gpu_temp_slow_threshold"] = "temperature.slowdown",
        ["temperature/gpu_temp_max_gpu_threshold"] = "temperature.gpu.max_operating",
        ["temperature/memory_temp"] = "temperature.memory",
        ["temperature/gpu_temp_max_mem_threshold"] = "temperature.memory.max_operating",
        ["power_readings/power_draw"] = "power.draw",
        ["power_readings/power_limit"] = "power.limit",
        ["power_readings/enforced_power_limit"] = "enforced.power.limit",
        ["power_readings/default_power_limit"] = "power.default_limit",
        ["power_readings/min_power_limit"] = "power.min_limit",
        ["power_readings/max_power_limit"] = "power.max_limit",
        ["gpu_power_readings/power_draw"] = "power.draw",
        ["gpu_power_readings/average_power_draw"] = "power.draw",
        ["gpu_power_readings/instant_power_draw"] = "power.draw.instant",
        ["gpu_power_readings/requested_power_limit"] = "power.limit",
        ["gpu_power_readings/current_power_limit"] = "enforced.power.limit",
        ["gpu_power_readings/default_power_limit"] = "power.default_limit",
        ["gpu_power_readings/min_power_limit"] = "power.min_limit",
        ["gpu_power_readings/max_power_limit"] = "power.max_limit",
        ["clocks/sm_clock"] = "clocks.current.sm",
        ["clocks/mem_clock"] = "clocks.current.memory",
        ["clocks/video_clock"] = "clocks.current.video",
        ["max_clocks/sm_clock"] = "clocks.max.sm",
        ["max_clocks/mem_clock"] = "clocks.max.memory",
        ["max_clocks/video_clock"] = "clocks.max.video",
        ["clocks_event_reasons_counters/clocks_event_reasons_counters_sw_power_cap"] = "clocks_event_reasons_counters.sw_power_cap",
        ["clocks_event_reasons_counters/clocks_event_reasons_counters_sync_boost"] = "clocks_event_reasons_counters.sync_boost",
        ["clocks_event_reasons_counters/clocks_event_reasons_counters_sw_therm_slowdown"] = "clocks_event_reasons_counters.sw_thermal_slowdown",
        ["clocks_event_reasons_counters/clocks_event_reasons_counters_hw_therm_slowdown"] = "clocks_event_reasons_counters.hw_thermal_slowdown",
        ["clocks_event_reasons_counters/clocks_event_reasons_counters_hw_power_brake"] = "clocks_event_reasons_counters.hw_power_brake_slowdown",
        ["fabric/state"] = "fabric.state",
        ["fabric/status"] = "fabric.status",
        ["fabric/cliqueId"] = "fabric.cliqueId",
        ["fabric/clusterUuid"] = "fabric.clusterUuid",
        ["fabric/health/summary"] = "fabric.health.summary",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> BySpan = Columns.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly string[] ReasonPrefixes =
    [
        "clocks_event_reasons/clocks_event_reason_", "clocks_throttle_reasons/clocks_throttle_reason_",
    ];

    /// <summary>The column of an element below <c>gpu</c>, its names joined by slashes; null for what is not read.</summary>
    public static string? Column(ReadOnlySpan<char> path)
    {
        if (path.StartsWith("clocks_"))
        {
            foreach (var prefix in ReasonPrefixes)
            {
                if (path.StartsWith(prefix))
                    return $"clocks_event_reasons.{path[prefix.Length..]}";
            }
        }

        return BySpan.TryGetValue(path, out var column) ? column : null;
    }
}
