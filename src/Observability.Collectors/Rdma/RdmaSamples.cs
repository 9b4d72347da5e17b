using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Adapters of one node as samples and entities. Beside node_exporter's names, <c>rdma_port_width_lanes</c> and
/// <c>rdma_port_info{link_layer,speed}</c> say what it does not.
/// </summary>
internal sealed class RdmaSamples(string node, DateTimeOffset at)
{
    private readonly List<SeriesSample> _samples = [];
    private readonly SortedDictionary<EntityId, Entity> _entities = [];
    private readonly List<TopologyEdge> _edges = [];

    /// <summary>Every sample.</summary>
    public IReadOnlyList<SeriesSample> Samples => _samples;

    /// <summary>The node and its adapters.</summary>
    public TopologyChange Topology => new(at, "rdma", [.. _entities.Values], [.. _edges]);

    public void Add(IEnumerable<RdmaDevice> devices)
    {
        foreach (var device in devices)
        {
            Put("node_infiniband_info", 1, LabelSet.Of(
                ("node", node), ("device", device.Name), ("board_id", Field(device, "board_id")), ("firmware_version", Field(device, "fw_ver")),
                ("hca_type", Field(device, "hca_type"))));
            foreach (var (port, fields) in device.Ports)
                AddPort(LabelSet.Of(("node", node), ("device", device.Name), ("port", port)), fields);
            AddEntity(device);
        }
    }

    private void AddPort(LabelSet labels, Dictionary<string, string> fields)
    {
        Put("node_infiniband_state_id", RdmaReader.State(fields.GetValueOrDefault("state", "")), labels);
        Put("node_infiniband_physical_state_id", RdmaReader.State(fields.GetValueOrDefault("phys_state", "")), labels);
        var rate = RdmaReader.Rate(fields.GetValueOrDefault("rate", ""));
        if (rate is { } known)
        {
            Put("node_infiniband_rate_bytes_per_second", known.BitsPerSecond / 8, labels);
            Put("rdma_port_width_lanes", known.Lanes, labels);
        }

        Put("rdma_port_info", 1, labels.With("link_layer", fields.GetValueOrDefault("link_layer", "")).With("speed", rate?.Speed ?? ""));
        foreach (var (file, text) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (RdmaNames.Of(file) is { } name && RdmaReader.Counter(text) is { } value)
                Put(name.Name, value * name.Scale, labels);
        }
    }

    private void AddEntity(RdmaDevice device)
    {
        if (node.Length == 0)
            return;
        var host = new EntityId(EntityKind.Node, node);
        _entities.TryAdd(host, new Entity(host, node, LabelSet.Of(("node", node))));
        var nic = new EntityId(EntityKind.Nic, $"{node}/{device.Name}");
        _entities[nic] = new Entity(nic, nic.Name, LabelSet.Of(
            ("node", node), ("device", device.Name), ("model", Field(device, "hca_type")), ("firmware_version", Field(device, "fw_ver")),
            ("board_id", Field(device, "board_id")), ("guid", Field(device, "node_guid")),
            ("link_layer", device.Ports.Values.Select(port => port.GetValueOrDefault("link_layer", "")).FirstOrDefault() ?? "")));
        _edges.Add(new TopologyEdge(nic, EdgeKind.PartOf, host, at));
    }

    private static string Field(RdmaDevice device, string name) => device.Fields.GetValueOrDefault(name, "");

    private void Put(string metric, double? value, LabelSet labels)
    {
        if (value is { } known)
            _samples.Add(new SeriesSample(labels.With(LabelSet.MetricNameLabel, metric), new Sample(at.ToUnixTimeMilliseconds(), known)));
    }
}
