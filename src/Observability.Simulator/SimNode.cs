namespace Observability.Simulator;

/// <summary>A simulated node.</summary>
internal sealed class SimNode
{
    private int _boots;

    public SimNode(int index, int seed, DateTimeOffset start)
    {
        Index = index;
        Name = $"node-{index:000}";
        Gpus = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(g => new Gpu(this, g, UuidOf(seed, index, g)))];
        Nics = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(n => new Nic(this, n))];
        // Spread over two weeks, so that boots are not an echo of the node's number.
        Boot(start - TimeSpan.FromHours(1 + (Noise.Uniform(seed, index, 0, 97) * 335)));
    }

    public int Index { get; }

    public string Name { get; }

    public int Unit => Index / FleetOptions.NodesPerUnit;

    public string Rack => $"rack-{Index / FleetOptions.NodesPerRack:000}";

    public string Pdu => $"pdu-{Index / (FleetOptions.NodesPerRack * 2):000}";

    public IReadOnlyList<Gpu> Gpus { get; }

    public IReadOnlyList<Nic> Nics { get; }

    public KernelLog Log { get; private set; } = null!;

    public string BootId { get; private set; } = "";

    public DateTimeOffset BootedAt { get; private set; }

    public bool Schedulable { get; set; } = true;

    public bool Down { get; set; }

    /// <summary>Exporters that do not answer although the node lives: <c>dcgm</c>, <c>node</c>.</summary>
    public HashSet<string> SilentExporters { get; } = new(StringComparer.Ordinal);

    /// <summary>A boot: a log, a boot id and counters of its own.</summary>
    public void Boot(DateTimeOffset at)
    {
        BootedAt = at;
        BootId = $"boot-{Index:0000}-{_boots++:00}";
        Log = new KernelLog(at);
        Log.Write(at, 6, $"Linux version 6.8.0 (simulated) on {Name}");
        foreach (var gpu in Gpus)
        {
            gpu.Reset();
            Log.Write(at.AddSeconds(9 + gpu.Index), 6, $"NVRM: GPU at PCI:{gpu.Pci}: {gpu.Uuid}");
        }

        foreach (var nic in Nics)
            nic.Reset();
    }

    private static string UuidOf(int seed, int node, int gpu)
    {
        ulong Part(int part) => (ulong)(Noise.Uniform(seed, node, gpu, part) * (1UL << 48));
        return $"GPU-{Part(1) & 0xffffffff:x8}-{Part(2) & 0xffff:x4}-{Part(3) & 0xffff:x4}-{Part(4) & 0xffff:x4}-{Part(5):x12}";
    }
}
