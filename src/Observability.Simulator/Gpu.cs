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

    public int Rank { get; set; }

    public bool Lost { get; set; }

    public bool Dead { get; set; }

    public bool Throttled { get; set; }

    public bool PcieHalved { get; set; }

    public bool RemapPending { get; set; }

    public double EccDouble { get; set; }

    /// <summary>Rows remapped for good: the only counter that outlives a reset.</summary>
    public double RemappedRows { get; set; }

    public double PcieReplays { get; set; }

    public double ThermalViolation { get; set; }

    public double EnergyMillijoules { get; set; }

    public int LastXid { get; set; }

    /// <summary>How much longer its computing takes than a healthy one's.</summary>
    public double SlowFactor => Throttled ? 1.2 : PcieHalved ? 1.25 : 1;

    public bool Blocks => Lost || Dead;

    /// <summary>Index in the fleet, for what must differ between any two GPUs.</summary>
    public int Number => (Node.Index * FleetOptions.GpusPerNode) + Index;

    /// <summary>A reset brings a lost or dead GPU back, activates remapped rows and restarts what is counted since the driver was loaded.</summary>
    public void Reset()
    {
        (Lost, Dead, RemapPending) = (false, false, false);
        (EccDouble, PcieReplays, ThermalViolation, EnergyMillijoules, LastXid) = (0, 0, 0, 0, 0);
    }
}
