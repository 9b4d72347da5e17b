using Observability.Model;

namespace Observability.Simulator;

/// <summary>A simulated NIC: its faults and counters.</summary>
internal sealed class Nic(SimNode node, int index)
{
    public SimNode Node { get; } = node;

    public int Index { get; } = index;

    public string Device { get; } = $"mlx5_{index}";

    public EntityId Id { get; } = new(EntityKind.Nic, $"{node.Name}/mlx5_{index}");

    public string Leaf { get; } = $"leaf-{node.Unit}-r{index}";

    public bool Down { get; set; }

    public bool Slow { get; set; }

    public double LinkDowned { get; set; }

    public double SymbolErrors { get; set; }

    public double ReceiveErrors { get; set; }

    public double SequenceErrors { get; set; }

    public double AckTimeouts { get; set; }

    public double SentBytes { get; set; }
}
