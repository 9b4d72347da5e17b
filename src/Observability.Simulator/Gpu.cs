using Observability.Model;

namespace Observability.Simulator;

/// <summary>A simulated GPU: its faults and counters. Gauges are computed when they are read.</summary>
internal sealed class Gpu(SimNode node, int index, string uuid)
{
    public SimNode Node { get; } = node;

    public int Index { get; } = index;

    public string Uuid { get; } = uuid;

    public EntityId Id { get; } = new(EntityKind.Gpu, uuid);

    /// <summary>As the kernel writes it: <c>0000:1a:00</c>.</summary>
    public string Pci { get; } = $"0000:{0x1a + (index * 0x11):x2}:00";

    public TrainingJob? Job { get; set; }

    /// <summary>Its labels as the exporter writes them, and for which job and driver.</summary>
    public (TrainingJob? Job, string Driver, byte[] Text)? LabelText { get; set; }

    public int Rank { get; set; }

    public bool Lost { get; set; }

    public bool Dead { get; set; }

    public bool Throttled { get; set; }

    public bool PcieHalved { get; set; }

    public bool RemapPending { get; set; }

    /// <summary>Its system processor does not answer, and neither does whoever asks the driver.</summary>
    public bool GspHung { get; set; }

    public bool NvlinkBroken { get; set; }

    /// <summary>Corrected errors come all the time.</summary>
    public bool Worn { get; set; }

    /// <summary>So many rows are remapped that it is slower for it.</summary>
    public bool WornSlow { get; set; }

    /// <summary>The chassis holds it back.</summary>
    public bool Braked { get; set; }

    /// <summary>Its power limit is lowered on purpose.</summary>
    public bool Capped { get; set; }

    /// <summary>The rank on it is gone; the GPU is healthy.</summary>
    public bool RankGone { get; set; }

    public double EccSingle { get; set; }

    public double CorrectableRows { get; set; }

    public double NvlinkReplays { get; set; }

    public double NvlinkCrc { get; set; }

    public double PowerViolation { get; set; }

    public double EccDouble { get; set; }

    /// <summary>Rows remapped for good: with <see cref="CorrectableRows"/> the only counters that outlive a reset.</summary>
    public double RemappedRows { get; set; }

    public double PcieReplays { get; set; }

    public double ThermalViolation { get; set; }

    public double EnergyMillijoules { get; set; }

    public int LastXid { get; set; }

    /// <summary>How much longer its computing takes than a healthy one's.</summary>
    public double SlowFactor => Math.Max(Throttled ? 1.2 : PcieHalved ? 1.25 : 1, Braked ? 1.45 : Capped ? 1.08 : WornSlow ? 1.03 : 1) * Node.SlowFactor;

    public bool Blocks => Lost || Dead || GspHung || NvlinkBroken || RankGone;

    /// <summary>Index in the fleet, for what must differ between any two GPUs.</summary>
    public int Number => (Node.Index * FleetOptions.GpusPerNode) + Index;

    /// <summary>A reset brings a lost or dead GPU back, activates remapped rows and restarts what is counted since the driver was loaded.</summary>
    public void Reset()
    {
        (Lost, Dead, RemapPending, GspHung, NvlinkBroken) = (false, false, false, false, false);
        (EccDouble, PcieReplays, ThermalViolation, EnergyMillijoules, LastXid) = (0, 0, 0, 0, 0);
        (EccSingle, NvlinkReplays, NvlinkCrc, PowerViolation) = (0, 0, 0, 0);
    }
}
