namespace Observability.Simulator;

/// <summary>A simulated switch with its ports.</summary>
internal sealed class SimSwitch(string name, int tier, int seed)
{
    public string Name { get; } = name;

    public int Seed { get; } = seed;

    /// <summary>0 for a leaf, 1 for a spine.</summary>
    public int Tier { get; } = tier;

    public IReadOnlyList<SwitchPort> Ports { get; private set; } = [];

    /// <summary>It is off, and so is what it says of itself.</summary>
    public bool Down { get; set; }

    /// <summary>Leaves with a port for each adapter and one up, spines with a port for each leaf.</summary>
    public static IReadOnlyList<SimSwitch> Of(IReadOnlyList<SimNode> nodes, int seed)
    {
        var leaves = new List<SimSwitch>();
        var spines = new SortedDictionary<string, SimSwitch>(StringComparer.Ordinal);
        var belowOf = new Dictionary<string, List<SimSwitch>>(StringComparer.Ordinal);
        foreach (var group in nodes.SelectMany(node => node.Nics).GroupBy(nic => (nic.Leaf, nic.Spine)))
        {
            var leaf = new SimSwitch(group.Key.Leaf, 0, seed);
            if (!spines.TryGetValue(group.Key.Spine, out var spine))
                spines[group.Key.Spine] = spine = new SimSwitch(group.Key.Spine, 1, seed);
            SwitchPort[] down = [.. group.Select((nic, n) => new SwitchPort(leaf, n + 1, $"{nic.Node.Name} {nic.Device}") { Nic = nic })];
            leaf.Ports = [.. down, new SwitchPort(leaf, down.Length + 1, spine.Name) { Below = down, Other = spine }];
            foreach (var port in down)
                port.Nic!.Port = port;
            leaves.Add(leaf);
            if (!belowOf.TryGetValue(spine.Name, out var below))
                belowOf[spine.Name] = below = [];
            below.Add(leaf);
        }

        foreach (var spine in spines.Values)
            spine.Ports = [.. belowOf[spine.Name].Select((leaf, n) => new SwitchPort(spine, n + 1, leaf.Name) { Below = [leaf.Ports[^1]], Other = leaf })];
        return [.. leaves, .. spines.Values];
    }

    /// <summary>Time passes; leaves before spines.</summary>
    public void Advance(double seconds)
    {
        foreach (var port in Ports)
            port.Advance(seconds);
    }
}
