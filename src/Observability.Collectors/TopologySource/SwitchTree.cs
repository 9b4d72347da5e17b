using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Switches, what hangs on them, and NVLink domains, gathered from a document; the shape of the fleet follows from it.</summary>
internal sealed class SwitchTree(string source, DateTimeOffset at)
{
    private const int MaximumTiers = 9;

    private readonly SortedDictionary<string, string> _parents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _nodes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _domains = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _switches = new(StringComparer.Ordinal);

    /// <summary>What the document said that could not be used.</summary>
    public List<string> Refused { get; } = [];

    public void AddSwitch(string name) => _switches.Add(name);

    public void Connect(string upper, string lower)
    {
        _switches.Add(upper);
        _switches.Add(lower);
        _parents[lower] = upper;
    }

    public void Place(string upper, string node)
    {
        _switches.Add(upper);
        _nodes[node] = upper;
    }

    /// <summary>A block of nodes that share an NVLink domain or a rack.</summary>
    public void Group(string block, string node)
    {
        _domains[node] = block;
        _nodes.TryAdd(node, "");
    }

    /// <summary>Nodes connect to their leaf, switches to the one above; the tier counts from the leaves, 0 upwards.</summary>
    public TopologyChange ToChange()
    {
        var entities = new SortedDictionary<EntityId, Entity>();
        var edges = new List<TopologyEdge>();
        var tiers = Tiers();
        foreach (var name in _switches)
        {
            var id = new EntityId(EntityKind.Switch, name);
            entities[id] = new Entity(id, name, LabelSet.Of(("tier", tiers.GetValueOrDefault(name).ToString(CultureInfo.InvariantCulture))));
            if (_parents.TryGetValue(name, out var upper))
                edges.Add(new TopologyEdge(id, EdgeKind.Connects, new EntityId(EntityKind.Switch, upper), at));
        }

        foreach (var (name, leaf) in _nodes)
        {
            var id = new EntityId(EntityKind.Node, name);
            entities[id] = new Entity(id, name, LabelSet.Of(("node", name), ("nvlink_domain", _domains.GetValueOrDefault(name, ""))));
            if (leaf.Length > 0)
                edges.Add(new TopologyEdge(id, EdgeKind.Connects, new EntityId(EntityKind.Switch, leaf), at));
        }

        return new TopologyChange(at, source, [.. entities.Values], [.. edges]);
    }

    // One more than the highest below, level by level. Levels are bounded: a document may connect switches in a ring.
    private Dictionary<string, int> Tiers()
    {
        var tiers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var level = 0; level < MaximumTiers; level++)
        {
            var higher = false;
            foreach (var (lower, upper) in _parents)
            {
                var tier = Math.Min(MaximumTiers, tiers.GetValueOrDefault(lower) + 1);
                if (tier <= tiers.GetValueOrDefault(upper))
                    continue;
                tiers[upper] = tier;
                higher = true;
            }

            if (!higher)
                break;
        }

        return tiers;
    }
}
