using System.Text;

namespace Observability.Simulator;

/// <summary>A simulated node.</summary>
internal sealed class SimNode
{
    private const string UsualDriver = "570.133.20";
    private const string OtherDriver = "570.172.08";

    private static readonly TimeSpan UsualOffset = TimeSpan.FromMilliseconds(50);

    private int _boots;
    private Action<DateTimeOffset, int, string>? _follower;

    public SimNode(int index, FleetOptions options, DateTimeOffset start)
    {
        var seed = options.Seed;
        Index = index;
        Unit = index / options.NodesPerLeaf;
        Name = $"node-{index:000}";
        UnameText = Encoding.UTF8.GetBytes($"machine=\"x86_64\",nodename=\"{Name}\",release=\"6.8.0\",sysname=\"Linux\"");
        Gpus = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(g => new Gpu(this, g, UuidOf(seed, index, g)))];
        Nics = [.. Enumerable.Range(0, FleetOptions.GpusPerNode).Select(n => new Nic(this, n, seed))];
        Clock = new NodeClock(options.Telemetry.HasFlag(FleetTelemetry.Clocks) ? UsualOffset * Noise.Normal(seed, index, 0, 103) : TimeSpan.Zero);
        // Spread over two weeks, so that boots are not an echo of the node's number.
        Boot(start - TimeSpan.FromHours(1 + (Noise.Uniform(seed, index, 0, 97) * 335)));
    }

    public int Index { get; }

    public string Name { get; }

    /// <summary>Which leaf switches it is on.</summary>
    public int Unit { get; }

    /// <summary>Labels of its uname series.</summary>
    public byte[] UnameText { get; }

    public string Rack => $"rack-{Index / FleetOptions.NodesPerRack:000}";

    public string Pdu => $"pdu-{Index / (FleetOptions.NodesPerRack * 2):000}";

    public IReadOnlyList<Gpu> Gpus { get; }

    public IReadOnlyList<Nic> Nics { get; }

    public KernelLog Log { get; private set; } = null!;

    public string BootId { get; private set; } = "";

    public DateTimeOffset BootedAt { get; private set; }

    public bool Schedulable { get; set; } = true;

    /// <summary>Version of its GPU driver.</summary>
    public string Driver { get; private set; } = UsualDriver;

    public bool Down { get; set; }

    /// <summary>How much longer computing takes on each of its GPUs; above one while something else uses its processors.</summary>
    public double SlowFactor { get; set; } = 1;

    /// <summary>What the host's processors, memory and disk show.</summary>
    public HostState Host { get; } = new();

    /// <summary>Exporters that do not answer although the node lives: <c>dcgm</c>, <c>node</c>.</summary>
    public HashSet<string> SilentExporters { get; } = new(StringComparer.Ordinal);

    /// <summary>The clock that its kernel and its journal write by.</summary>
    public NodeClock Clock { get; }

    /// <summary>Exporters that give old answers.</summary>
    public Dictionary<string, LateAnswer> Late { get; } = new(StringComparer.Ordinal);

    /// <summary>Since when its log agent holds back what the kernel writes; null while it sends.</summary>
    public DateTimeOffset? LogHeldSince { get; set; }

    /// <summary>When it booted, by its own clock: that is what it says, and it moves when its clock is set.</summary>
    public DateTimeOffset BootedByItsClock(DateTimeOffset now) => BootedAt + Clock.OffsetAt(now);

    /// <summary>True when an exporter answers. A GPU whose system processor hangs takes the whole dcgm-exporter along.</summary>
    public bool Answers(string exporter) =>
        !Down && !SilentExporters.Contains(exporter) && !(exporter == "dcgm" && Gpus.Any(gpu => gpu.GspHung));

    /// <summary>Tells every line that the kernel has written since its boot, and each one that it writes from now on, other boots included.</summary>
    public void Follow(Action<DateTimeOffset, int, string> follower)
    {
        _follower = follower;
        Log.Follow(follower);
    }

    /// <summary>A boot: a log, a boot id and counters of its own.</summary>
    public void Boot(DateTimeOffset at)
    {
        BootedAt = at;
        BootId = $"boot-{Index:0000}-{_boots++:00}";
        Log = new KernelLog(at) { Written = _follower };
        Log.Write(at, 6, $"Linux version 6.8.0 (simulated) on {Name}");
        foreach (var gpu in Gpus)
        {
            gpu.Reset();
            Log.Write(at.AddSeconds(9 + gpu.Index), 6, $"NVRM: GPU at PCI:{gpu.Pci}: {gpu.Uuid}");
        }

        foreach (var nic in Nics)
            nic.Reset();
        Host.Reset();
    }

    /// <summary>Another driver, or the one before again.</summary>
    public void SwitchDriver() => Driver = Driver == UsualDriver ? OtherDriver : UsualDriver;

    private static string UuidOf(int seed, int node, int gpu)
    {
        ulong Part(int part) => (ulong)(Noise.Uniform(seed, node, gpu, part) * (1UL << 48));
        return $"GPU-{Part(1) & 0xffffffff:x8}-{Part(2) & 0xffff:x4}-{Part(3) & 0xffff:x4}-{Part(4) & 0xffff:x4}-{Part(5):x12}";
    }
}
