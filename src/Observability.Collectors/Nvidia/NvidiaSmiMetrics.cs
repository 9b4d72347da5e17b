namespace Observability.Collectors;

/// <summary>
/// From columns of <c>--query-gpu</c> to the DCGM metric that says the same thing, in DCGM's unit, so that every rule works on
/// nvidia-smi as it does on dcgm-exporter. What both call by one name but measure differently is left out: nvidia-smi's
/// <c>utilization.jpeg</c> is no <c>PROF_NVJPG</c>.
/// </summary>
internal static class NvidiaSmiMetrics
{
    /// <summary>Column, metric and what to multiply by: nvidia-smi counts throttled time in µs, DCGM in ns.</summary>
    public static IReadOnlyList<(string Column, string Metric, double Scale)> Plain { get; } =
    [
        ("temperature.gpu", "DCGM_FI_DEV_GPU_TEMP", 1),
        ("temperature.gpu.tlimit", "DCGM_FI_DEV_GPU_TEMP_LIMIT", 1),
        ("temperature.memory", "DCGM_FI_DEV_MEMORY_TEMP", 1),
        ("temperature.slowdown", "DCGM_FI_DEV_SLOWDOWN_TEMP", 1),
        ("temperature.shutdown", "DCGM_FI_DEV_SHUTDOWN_TEMP", 1),
        ("temperature.gpu.max_operating", "DCGM_FI_DEV_GPU_MAX_OP_TEMP", 1),
        ("temperature.memory.max_operating", "DCGM_FI_DEV_MEM_MAX_OP_TEMP", 1),
        ("power.draw", "DCGM_FI_DEV_POWER_USAGE", 1),
        ("power.draw.instant", "DCGM_FI_DEV_POWER_USAGE_INSTANT", 1),
        ("power.limit", "DCGM_FI_DEV_POWER_MGMT_LIMIT", 1),
        ("enforced.power.limit", "DCGM_FI_DEV_ENFORCED_POWER_LIMIT", 1),
        ("power.default_limit", "DCGM_FI_DEV_POWER_MGMT_LIMIT_DEF", 1),
        ("power.min_limit", "DCGM_FI_DEV_POWER_MGMT_LIMIT_MIN", 1),
        ("power.max_limit", "DCGM_FI_DEV_POWER_MGMT_LIMIT_MAX", 1),
        ("clocks.current.sm", "DCGM_FI_DEV_SM_CLOCK", 1),
        ("clocks.current.memory", "DCGM_FI_DEV_MEM_CLOCK", 1),
        ("clocks.current.video", "DCGM_FI_DEV_VIDEO_CLOCK", 1),
        ("clocks.max.sm", "DCGM_FI_DEV_MAX_SM_CLOCK", 1),
        ("clocks.max.memory", "DCGM_FI_DEV_MAX_MEM_CLOCK", 1),
        ("clocks.max.video", "DCGM_FI_DEV_MAX_VIDEO_CLOCK", 1),
        ("clocks_event_reasons_counters.sw_power_cap", "DCGM_FI_DEV_CLOCKS_EVENT_REASON_SW_POWER_CAP_NS", 1_000),
        ("clocks_event_reasons_counters.sync_boost", "DCGM_FI_DEV_CLOCKS_EVENT_REASON_SYNC_BOOST_NS", 1_000),
        ("clocks_event_reasons_counters.sw_thermal_slowdown", "DCGM_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN_NS", 1_000),
        ("clocks_event_reasons_counters.hw_thermal_slowdown", "DCGM_FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN_NS", 1_000),
        ("clocks_event_reasons_counters.hw_power_brake_slowdown", "DCGM_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN_NS", 1_000),
        ("memory.total", "DCGM_FI_DEV_FB_TOTAL", 1),
        ("memory.free", "DCGM_FI_DEV_FB_FREE", 1),
        ("memory.used", "DCGM_FI_DEV_FB_USED", 1),
        ("memory.reserved", "DCGM_FI_DEV_FB_RESERVED", 1),
        ("bar1.total", "DCGM_FI_DEV_BAR1_TOTAL", 1),
        ("bar1.used", "DCGM_FI_DEV_BAR1_USED", 1),
        ("bar1.free", "DCGM_FI_DEV_BAR1_FREE", 1),
        ("utilization.gpu", "DCGM_FI_DEV_GPU_UTIL", 1),
        ("utilization.memory", "DCGM_FI_DEV_MEM_COPY_UTIL", 1),
        ("utilization.encoder", "DCGM_FI_DEV_ENC_UTIL", 1),
        ("utilization.decoder", "DCGM_FI_DEV_DEC_UTIL", 1),
        ("fan.speed", "DCGM_FI_DEV_FAN_SPEED", 1),
        ("pcie.link.gen.current", "DCGM_FI_DEV_PCIE_LINK_GEN", 1),
        ("pcie.link.gen.max", "DCGM_FI_DEV_PCIE_MAX_LINK_GEN", 1),
        ("pcie.link.width.current", "DCGM_FI_DEV_PCIE_LINK_WIDTH", 1),
        ("pcie.link.width.max", "DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", 1),
        ("pcie.replay_counter", "DCGM_FI_DEV_PCIE_REPLAY_COUNTER", 1),
        ("pcie.tx_util", "DCGM_FI_DEV_PCIE_TX_THROUGHPUT", 1),
        ("pcie.rx_util", "DCGM_FI_DEV_PCIE_RX_THROUGHPUT", 1),
        ("ecc.mode.current", "DCGM_FI_DEV_ECC_CURRENT", 1),
        ("ecc.mode.pending", "DCGM_FI_DEV_ECC_PENDING", 1),
        ("ecc.errors.corrected.volatile.dram", "DCGM_FI_DEV_ECC_SBE_VOL_DEV", 1),
        ("ecc.errors.uncorrected.volatile.dram", "DCGM_FI_DEV_ECC_DBE_VOL_DEV", 1),
        ("ecc.errors.corrected.aggregate.dram", "DCGM_FI_DEV_ECC_SBE_AGG_DEV", 1),
        ("ecc.errors.uncorrected.aggregate.dram", "DCGM_FI_DEV_ECC_DBE_AGG_DEV", 1),
        ("ecc.errors.uncorrected.aggregate.sram.thresholdExceeded", "DCGM_FI_DEV_THRESHOLD_SRM", 1),
        ("unrepairable_memory", "DCGM_FI_DEV_MEMORY_UNREPAIRABLE_FLAG", 1),
        ("retired_pages.single_bit_ecc.count", "DCGM_FI_DEV_RETIRED_SBE", 1),
        ("retired_pages.double_bit.count", "DCGM_FI_DEV_RETIRED_DBE", 1),
        ("retired_pages.pending", "DCGM_FI_DEV_RETIRED_PENDING", 1),
        ("remapped_rows.correctable", "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", 1),
        ("remapped_rows.uncorrectable", "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", 1),
        ("remapped_rows.pending", "DCGM_FI_DEV_ROW_REMAP_PENDING", 1),
        ("remapped_rows.failure", "DCGM_FI_DEV_ROW_REMAP_FAILURE", 1),
        ("remapped_rows.histogram.max", "DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_MAX", 1),
        ("remapped_rows.histogram.high", "DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_HIGH", 1),
        ("remapped_rows.histogram.partial", "DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_PARTIAL", 1),
        ("remapped_rows.histogram.low", "DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_LOW", 1),
        ("remapped_rows.histogram.none", "DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_NONE", 1),
        ("mig.mode.current", "DCGM_FI_DEV_MIG_MODE", 1),
        ("persistence_mode", "DCGM_FI_DEV_PERSISTENCE_MODE", 1),
        ("fabric.cliqueId", "DCGM_FI_DEV_FABRIC_CLIQUE_ID", 1),
    ];

    /// <summary>Of a MIG device: element, metric.</summary>
    public static IReadOnlyList<(string Element, string Metric)> OfPartition { get; } =
    [
        ("fb_memory_usage/total", "DCGM_FI_DEV_FB_TOTAL"),
        ("fb_memory_usage/reserved", "DCGM_FI_DEV_FB_RESERVED"),
        ("fb_memory_usage/used", "DCGM_FI_DEV_FB_USED"),
        ("fb_memory_usage/free", "DCGM_FI_DEV_FB_FREE"),
        ("ecc_error_count/volatile_count/sram_uncorrectable", "DCGM_FI_DEV_ECC_DBE_VOL_SRM"),
    ];

    /// <summary>Bits of field 112, in the names that nvidia-smi gives them.</summary>
    public static IReadOnlyList<(string Reason, int Bit)> ClockReasons { get; } =
    [
        ("gpu_idle", 0x1),
        ("applications_clocks_setting", 0x2),
        ("sw_power_cap", 0x4),
        ("hw_slowdown", 0x8),
        ("sync_boost", 0x10),
        ("sw_thermal_slowdown", 0x20),
        ("hw_thermal_slowdown", 0x40),
        ("hw_power_brake_slowdown", 0x80),
        ("display_clocks_setting", 0x100),
    ];
}
