using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What ibnetdiscover found, as entities and as the series of infiniband_exporter: <c>infiniband_switch_uplink_info</c>,
/// <c>infiniband_switch_port_rate_bytes_per_second</c>. An adapter connects to its leaf, a leaf to its spine; a switch is a leaf where a
/// host hangs on it.
/// </summary>
internal sealed class IbFabricSamples(DateTimeOffset at)
{
    // The switch's own processor for reductions (SHARP): no host.
    private const string Aggregation = "Aggregation Node";

    private readonly List<SeriesSample> _samples = [];
    private readonly SortedDictionary<EntityId, Entity> _entities = [];
    private readonly List<TopologyEdge> _edges = [];

    /// <summary>Every sample.</summary>
    public IReadOnlyList<SeriesSample> Samples => _samples;

    /// <summary>Switches, adapters, nodes and cables.</summary>
    public TopologyChange Topology => new(at, "ibnetdiscover", [.. _entities.Values], [.. _edges.Distinct()]);

    public void Add(IReadOnlyList<IbLink> links)
    {
        var leaves = links.Where(link => link is { From.IsSwitch: true, To.IsSwitch: false } or { From.IsSwitch: false, To.IsSwitch: true } && !IsAggregation(link))
            .Select(link => link.From.IsSwitch ? link.From.Guid : link.To!.Guid).ToHashSet(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var link in links)
        {
            if (link.From.IsSwitch)
                AddSwitchPort(link, leaves);
            if (link.To is not null && !IsAggregation(link) && seen.Add(CableOf(link)))
                AddCable(link, leaves);
        }
    }

    private void AddSwitchPort(IbLink link, HashSet<string> leaves)
    {
        AddEnd(link.From, leaves);
        var port = LabelSet.Of(("guid", link.From.Guid), ("switch", link.From.Name), ("port", link.From.Port));
        if (link.To is { } to)
        {
            Put("infiniband_switch_uplink_info", 1, port.With(LabelSet.Of(
                ("uplink", to.Name), ("uplink_guid", to.Guid), ("uplink_lid", to.Lid), ("uplink_port", to.Port), ("uplink_type", to.IsSwitch ? "SW" : "CA"))));
            if (IbNetDiscoverReader.BytesPerSecondOf(link.Speed) is { } rate)
                Put("infiniband_switch_port_rate_bytes_per_second", rate * link.Lanes, port);
        }

        Put("infiniband_switch_port_connected", link.To is null ? 0 : 1, port);
    }

    private void AddCable(IbLink link, HashSet<string> leaves)
    {
        var (a, b) = (AddEnd(link.From, leaves), AddEnd(link.To!, leaves));
        var lower = link.From.IsSwitch && (!link.To!.IsSwitch || (leaves.Contains(link.To.Guid) && !leaves.Contains(link.From.Guid))) ? (b, a) : (a, b);
        if (link is { From.IsSwitch: true, To.IsSwitch: true } && leaves.Contains(link.From.Guid) == leaves.Contains(link.To.Guid))
            lower = a.CompareTo(b) <= 0 ? (a, b) : (b, a);
        var cable = new EntityId(EntityKind.Cable, CableOf(link));
        _entities[cable] = new Entity(cable, $"{link.From.Name}:{link.From.Port} - {link.To!.Name}:{link.To.Port}", LabelSet.Of(
            ("a", link.From.Name), ("a_port", link.From.Port), ("b", link.To.Name), ("b_port", link.To.Port),
            ("width", link.Lanes.ToString(CultureInfo.InvariantCulture) + "x"), ("speed", link.Speed)));
        _edges.Add(new TopologyEdge(lower.Item1, EdgeKind.Connects, lower.Item2, at));
        _edges.Add(new TopologyEdge(lower.Item1, EdgeKind.Connects, cable, at));
        _edges.Add(new TopologyEdge(cable, EdgeKind.Connects, lower.Item2, at));
    }

    private EntityId AddEnd(IbEnd end, HashSet<string> leaves)
    {
        if (end.IsSwitch)
        {
            var id = new EntityId(EntityKind.Switch, end.Name.Length > 0 ? end.Name : end.Guid);
            _entities[id] = new Entity(id, id.Name, LabelSet.Of(("guid", end.Guid), ("lid", end.Lid), ("tier", leaves.Contains(end.Guid) ? "leaf" : "spine")));
            return id;
        }

        // "worker20 mlx5_3" or "o0001 HCA-1": the host, then the adapter by the name it gave itself.
        var words = end.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (node, device) = words.Length >= 2 ? (words[0], words[^1]) : (end.Guid, "0");
        var host = new EntityId(EntityKind.Node, node);
        var nic = new EntityId(EntityKind.Nic, $"{node}/{device}");
        _entities.TryAdd(host, new Entity(host, node, LabelSet.Of(("node", node))));
        _entities[nic] = new Entity(nic, nic.Name, LabelSet.Of(("node", node), ("device", device), ("guid", end.Guid), ("lid", end.Lid)));
        _edges.Add(new TopologyEdge(nic, EdgeKind.PartOf, host, at));
        return nic;
    }

    // One name for a cable, whichever end tells of it.
    private static string CableOf(IbLink link)
    {
        var a = $"{link.From.Guid}:{link.From.Port}";
        var b = $"{link.To!.Guid}:{link.To.Port}";
        return string.CompareOrdinal(a, b) <= 0 ? $"{a}-{b}" : $"{b}-{a}";
    }

    private static bool IsAggregation(IbLink link) =>
        link.From.Name.Contains(Aggregation, StringComparison.Ordinal) || (link.To?.Name.Contains(Aggregation, StringComparison.Ordinal) ?? false);

    private void Put(string metric, double value, LabelSet labels) =>
        _samples.Add(new SeriesSample(labels.With(LabelSet.MetricNameLabel, metric), new Sample(at.ToUnixTimeMilliseconds(), value)));
}
