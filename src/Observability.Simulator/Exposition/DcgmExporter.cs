using System.Text;

namespace Observability.Simulator;

/// <summary>A node's dcgm-exporter, with the names and labels of release 4.8.</summary>
internal static class DcgmExporter
{
    private static readonly Field[] Fields =
    [
        new("DCGM_FI_DEV_SM_CLOCK", "gauge", "SM clock frequency (in MHz).", (gpu, fleet) => Math.Round(GpuGauges.SmClock(gpu, fleet))) { Deadband = 40 },
        new("DCGM_FI_DEV_MEM_CLOCK", "gauge", "Memory clock frequency (in MHz).", (_, _) => 2_619) { Matters = false },
        new("DCGM_FI_DEV_MEMORY_TEMP", "gauge", "Memory temperature (in C).", (gpu, fleet) => Math.Round(GpuGauges.MemoryTemperature(gpu, fleet))) { Deadband = 2 },
        new("DCGM_FI_DEV_GPU_TEMP", "gauge", "GPU temperature (in C).", (gpu, fleet) => Math.Round(GpuGauges.Temperature(gpu, fleet))) { Deadband = 2 },
        new("DCGM_FI_DEV_POWER_USAGE", "gauge", "Power draw (in W).", (gpu, fleet) => Math.Round(GpuGauges.Power(gpu, fleet), 3)) { Deadband = 75 },
        new("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Total energy consumption since boot (in mJ).", (gpu, _) => Math.Round(gpu.EnergyMillijoules)) { Matters = false },
        new("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", "counter", "Total number of PCIe retries.", (gpu, _) => Math.Floor(gpu.PcieReplays)),
        new("DCGM_FI_DEV_PCIE_LINK_WIDTH", "gauge", "PCIe current link width.", (gpu, _) => gpu.PcieHalved ? 8 : 16),
        new("DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", "gauge", "PCIe maximum link width.", (_, _) => 16),
        new("DCGM_FI_DEV_PCIE_LINK_GEN", "gauge", "PCIe current link generation.", (_, _) => 5) { Matters = false },
        new("DCGM_FI_DEV_PCIE_MAX_LINK_GEN", "gauge", "PCIe maximum link generation.", (_, _) => 5) { Matters = false },
        new("DCGM_FI_DEV_GPU_UTIL", "gauge", "GPU utilization (in %).", (gpu, _) => GpuGauges.Utilisation(gpu)) { Deadband = 2 },
        new("DCGM_FI_DEV_MEM_COPY_UTIL", "gauge", "Memory utilization (in %).", (gpu, _) => GpuGauges.Busy(gpu) ? 34 : 0) { Matters = false },
        new("DCGM_FI_DEV_ENC_UTIL", "gauge", "Encoder utilization (in %).", (_, _) => 0) { Matters = false },
        new("DCGM_FI_DEV_DEC_UTIL", "gauge", "Decoder utilization (in %).", (_, _) => 0) { Matters = false },
        new("DCGM_FI_DEV_XID_ERRORS", "gauge", "Value of the last XID error encountered.", (gpu, _) => gpu.LastXid, XidLabels),
        // Idle and power-capped take turns with every checkpoint; the reasons that matter are 0x40 and more.
        new("DCGM_FI_DEV_CLOCKS_EVENT_REASONS", "gauge", "Clock event reasons, a bit mask.", (gpu, _) => gpu.Throttled ? 0x48 : gpu.Braked ? 0x80 : GpuGauges.Busy(gpu) ? 0x4 : 0x1) { Deadband = 10 },
        new("DCGM_FI_DEV_POWER_VIOLATION", "counter", "Throttling duration due to power constraints (in ns).", (gpu, _) => Math.Round(gpu.PowerViolation)) { Deadband = 1e10 },
        new("DCGM_FI_DEV_THERMAL_VIOLATION", "counter", "Throttling duration due to thermal constraints (in ns).", (gpu, _) => Math.Round(gpu.ThermalViolation)),
        new("DCGM_FI_DEV_FB_FREE", "gauge", "Framebuffer memory free (in MiB).", (gpu, _) => gpu.Job is null ? 80_996 : 9_800) { Matters = false },
        new("DCGM_FI_DEV_FB_USED", "gauge", "Framebuffer memory used (in MiB).", (gpu, _) => gpu.Job is null ? 4 : 71_200),
        new("DCGM_FI_DEV_FB_RESERVED", "gauge", "Framebuffer memory reserved (in MiB).", (_, _) => 559) { Matters = false },
        new("DCGM_FI_DEV_ECC_SBE_VOL_TOTAL", "counter", "Total number of single-bit volatile ECC errors.", (gpu, _) => Math.Floor(gpu.EccSingle)),
        new("DCGM_FI_DEV_ECC_DBE_VOL_TOTAL", "counter", "Total number of double-bit volatile ECC errors.", (gpu, _) => gpu.EccDouble),
        new("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", "counter", "Number of remapped rows for uncorrectable errors", (gpu, _) => gpu.RemappedRows),
        new("DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", "counter", "Number of remapped rows for correctable errors", (gpu, _) => Math.Floor(gpu.CorrectableRows)),
        new("DCGM_FI_DEV_ROW_REMAP_FAILURE", "gauge", "Whether remapping of rows has failed", (_, _) => 0),
        new("DCGM_FI_DEV_ROW_REMAP_PENDING", "gauge", "Whether remapping of rows waits for a reset", (gpu, _) => gpu.RemapPending ? 1 : 0),
        new("DCGM_FI_DEV_VGPU_LICENSE_STATUS", "gauge", "vGPU License status", (_, _) => 0) { Matters = false },
        new("DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL", "counter", "Total number of NVLink flow-control CRC errors.", (gpu, _) => Math.Floor(gpu.NvlinkCrc)),
        new("DCGM_FI_DEV_NVLINK_REPLAY_ERROR_COUNT_TOTAL", "counter", "Total number of NVLink retries.", (gpu, _) => Math.Floor(gpu.NvlinkReplays)),
        new("DCGM_FI_DEV_NVLINK_RECOVERY_ERROR_COUNT_TOTAL", "counter", "Total number of NVLink recovery errors.", (_, _) => 0),
        new("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", "counter", "Total number of NVLink bandwidth counters for all lanes.", (gpu, _) => GpuGauges.Busy(gpu) ? 90_000 : 0) { Matters = false },
        new("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "gauge", "Ratio of time the graphics engine is active.", (gpu, _) => GpuGauges.Utilisation(gpu) / 100) { Matters = false },
        new("DCGM_FI_PROF_SM_ACTIVE", "gauge", "Ratio of cycles an SM has at least one warp assigned.", (gpu, fleet) => Math.Round(GpuGauges.Tensor(gpu, fleet) * 1.85, 4)) { Matters = false },
        new("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "gauge", "Ratio of cycles the tensor (HMMA) pipe is active.", (gpu, fleet) => Math.Round(GpuGauges.Tensor(gpu, fleet), 4)) { Deadband = 0.03 },
        new("DCGM_FI_PROF_DRAM_ACTIVE", "gauge", "Ratio of cycles the device memory interface is active sending or receiving data.", (gpu, fleet) => Math.Round(GpuGauges.Tensor(gpu, fleet) * 0.76, 4)) { Matters = false },
        new("DCGM_FI_PROF_PCIE_TX_BYTES", "gauge", "The rate of data transmitted over the PCIe bus - including both protocol headers and data payloads - in bytes per second.", (gpu, _) => GpuGauges.Busy(gpu) ? 4e9 : 0) { Matters = false },
        new("DCGM_FI_PROF_PCIE_RX_BYTES", "gauge", "The rate of data received over the PCIe bus - including both protocol headers and data payloads - in bytes per second.", (gpu, _) => GpuGauges.Busy(gpu) ? 4e9 : 0) { Matters = false },
    ];

    private static readonly ExpositionFamily ClockEvents = new(
        "DCGM_EXP_CLOCK_EVENTS_COUNT", "gauge", "Count of clock events within the user-specified time window (see clock-events-count-window-size param).");

    /// <summary>What the exporter answers now, as text.</summary>
    public static string Render(SimNode node, Fleet fleet)
    {
        var text = new ExpositionWriter();
        Read(node, fleet, text);
        return text.ToString();
    }

    /// <summary>What the exporter says now.</summary>
    public static void Read(SimNode node, Fleet fleet, IReadingSink sink)
    {
        foreach (var field in Fields)
        {
            if (!sink.Begin(field))
                continue;
            foreach (var gpu in node.Gpus)
            {
                if (!gpu.Lost)
                    sink.Sample(field, LabelsOf(gpu), field.Extra?.Invoke(gpu) ?? "", field.Value(gpu, fleet));
            }
        }

        if (!sink.Begin(ClockEvents))
            return;
        foreach (var gpu in node.Gpus.Where(gpu => gpu is { Lost: false, Throttled: true }))
            sink.Sample(ClockEvents, LabelsOf(gpu), ",clock_event=\"hw_thermal\",window_size_in_ms=\"300000\"", 30);
    }

    // Written once for each job that a GPU works for and each driver: labels are four fifths of what an exporter says.
    private static byte[] LabelsOf(Gpu gpu)
    {
        if (gpu.LabelText is { } known && known.Job == gpu.Job && known.Driver == gpu.Node.Driver)
            return known.Text;
        var labels = $"gpu=\"{gpu.Index}\",UUID=\"{gpu.Uuid}\",pci_bus_id=\"0000{gpu.Pci.ToUpperInvariant()}.0\",device=\"nvidia{gpu.Index}\",modelName=\"NVIDIA H100 80GB HBM3\",Hostname=\"{gpu.Node.Name}\",DCGM_FI_DRIVER_VERSION=\"{gpu.Node.Driver}\"";
        if (gpu.Job is not null)
            labels += $",container=\"trainer\",namespace=\"training\",pod=\"{ClusterView.PodName(gpu.Job, gpu.Node)}\",pod_uid=\"\"";
        var text = Encoding.UTF8.GetBytes(labels);
        gpu.LabelText = (gpu.Job, gpu.Node.Driver, text);
        return text;
    }

    // Built-in table of the exporter; a code beyond it reads "Unknown Error".
    private static string XidLabels(Gpu gpu) => $",err_code=\"{gpu.LastXid}\",err_msg=\"{gpu.LastXid switch
    {
        0 => "No Error",
        13 => "Graphics Engine Exception",
        31 => "GPU memory page fault",
        45 => "Preemptive cleanup, due to previous errors -- Most likely to see when running multiple cuda applications and hitting a DBE",
        48 => "Double Bit ECC Error",
        63 => "ECC page retirement or row remapping recording event",
        74 => "NVLINK Error",
        79 => "GPU has fallen off the bus",
        94 => "Contained ECC error",
        95 => "Uncontained ECC error",
        _ => "Unknown Error",
    }}\"";

    private sealed class Field(string name, string type, string help, Func<Gpu, Fleet, double> value, Func<Gpu, string>? extra = null) : ExpositionFamily(name, type, help)
    {
        public Func<Gpu, Fleet, double> Value => value;

        public Func<Gpu, string>? Extra => extra;
    }
}
