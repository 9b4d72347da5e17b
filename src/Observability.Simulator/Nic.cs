using Observability.Model;

namespace Observability.Simulator;

/// <summary>A simulated NIC: its faults and counters.</summary>
internal sealed class Nic(SimNode node, int index, int seed)
{
    public SimNode Node { get; } = node;

    public int Index { get; } = index;

    public string Device { get; } = $"mlx5_{index}";

    public EntityId Id { get; } = new(EntityKind.Nic, $"{node.Name}/mlx5_{index}");

    /// <summary>As the kernel writes it; two buses above its GPU, behind the same PCIe switch.</summary>
    public string Pci { get; } = $"0000:{0x1c + (index * 0x11):x2}:00.0";

    public string Leaf { get; } = $"leaf-{node.Unit}-r{index}";

    public string Spine { get; } = $"spine-r{index}";

    /// <summary>Its transceiver.</summary>
    public Optic Optic { get; } = new(seed, (node.Index * 16L) + index, $"mlx5_{index}");

    /// <summary>The switch port at the other end of its cable; null where switches say nothing.</summary>
    public SwitchPort? Port { get; set; }

    public bool Down { get; set; }

    public bool Slow { get; set; }

    /// <summary>How much longer a step takes through this adapter.</summary>
    public double SlowFactor => Slow ? 1.3 : Lossy ? 1.1 : 1;

    /// <summary>Damaged symbols are frequent enough to slow the traffic.</summary>
    public bool Lossy { get; set; }

    /// <summary>Its symbol counter reads zero: a reading error, and what it counted is still there.</summary>
    public bool SymbolsReadZero { get; set; }

    /// <summary>What faults add to the counters each second. Whole numbers: what one fault adds, its end takes away exactly.</summary>
    public NicRates Rates { get; } = new();

    public double LinkDowned { get; set; }

    public double SymbolErrors { get; set; }

    public double ReceiveErrors { get; set; }

    public double SequenceErrors { get; set; }

    public double AckTimeouts { get; set; }

    public double SentBytes { get; set; }

    public double TransmitWaitTicks { get; set; }

    public double PausesSent { get; set; }

    public double PausesReceived { get; set; }

    public double CongestionNotices { get; set; }

    public double CorrectedBits { get; set; }

    /// <summary>The driver was loaded again: the adapter counts from zero.</summary>
    public void Reset()
    {
        (LinkDowned, SymbolErrors, ReceiveErrors, SequenceErrors, AckTimeouts, SentBytes, TransmitWaitTicks) = (0, 0, 0, 0, 0, 0, 0);
        (PausesSent, PausesReceived, CongestionNotices, CorrectedBits) = (0, 0, 0, 0);
    }
}
