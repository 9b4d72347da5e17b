using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Learns GPUs, NICs, nodes, monitors and shared storage from the labels of scraped series, and nodes from their logs, where no topology file
/// tells of them. It sits in front of the sinks and passes everything on. Thread-safe: scrapes and pushes come side by side.
/// </summary>
public sealed class LabelTopology(ISampleSink samples, IEventSink events, ITopologySink topology) : ISampleSink, IEventSink
{
    private const int EntityLimit = 1_000_000;

    private readonly Lock _gate = new();
    private readonly HashSet<LabelSet> _seen = [];
    private readonly HashSet<EntityId> _known = [];

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Learn(batch);
        samples.Append(batch);
    }

    /// <inheritdoc/>
    public void Publish(TelemetryEvent telemetryEvent)
    {
        ArgumentNullException.ThrowIfNull(telemetryEvent);
        if (telemetryEvent.Labels.TryGet("node", out var name))
        {
            lock (_gate)
            {
                var entities = new SortedDictionary<EntityId, Entity>();
                if (AddNode(name, entities))
                    topology.Apply(new TopologyChange(telemetryEvent.At, "labels", [.. entities.Values], []));
            }
        }

        events.Publish(telemetryEvent);
    }

    /// <summary>Learns from a batch that goes its own way.</summary>
    public void Learn(SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (!batch.BringsNewSeries)
            return;
        lock (_gate)
            LearnNew(batch);
    }

    private void LearnNew(SampleBatch batch)
    {
        var entities = new SortedDictionary<EntityId, Entity>();
        var edges = new List<TopologyEdge>();
        foreach (var sample in batch.Samples)
        {
            // One series per device is enough: those every exporter has.
            if (sample.Labels.MetricName is not ("up" or "DCGM_FI_DEV_GPU_TEMP" or "DCGM_FI_DEV_GPU_UTIL" or "node_infiniband_state_id"
                or SharedFileSystems.Metric or "gpu_gfx_activity" or "gpu_health" or "npu_chip_info_health_status" or "npu_chip_info_temperature"))
                continue;
            if (_seen.Count < EntityLimit && _seen.Add(sample.Labels))
                Learn(sample.Labels, batch.At, entities, edges);
        }

        if (entities.Count > 0 || edges.Count > 0)
            topology.Apply(new TopologyChange(batch.At, "labels", [.. entities.Values], [.. edges]));
    }

    private void Learn(LabelSet labels, DateTimeOffset at, SortedDictionary<EntityId, Entity> entities, List<TopologyEdge> edges)
    {
        if (!labels.TryGet("node", out var name) && !labels.TryGet("Hostname", out name))
            return;
        AddNode(name, entities);
        var node = new EntityId(EntityKind.Node, name);
        if (labels.MetricName == SharedFileSystems.Metric)
        {
            // Every node has an edge to it of its own.
            if (SharedFileSystems.Of(labels) is { } storage)
            {
                Add(storage, entities);
                edges.Add(new TopologyEdge(node, EdgeKind.Mounts, storage.Id, at));
            }

            return;
        }

        if (PartOf(labels, name) is not { } part || !Add(part, entities))
            return;
        var kind = part.Id.Kind == EntityKind.Monitor ? EdgeKind.Watches : EdgeKind.PartOf;
        edges.Add(new TopologyEdge(part.Id, kind, node, at));
    }

    private static Entity? PartOf(LabelSet labels, string node)
    {
        var metric = labels.MetricName;
        if (metric == "up" && labels.TryGet("job", out var job))
        {
            var monitor = new EntityId(EntityKind.Monitor, $"{node}/{job}");
            return new Entity(monitor, monitor.Name, LabelSet.Of(("node", node), ("exporter", job)));
        }

        if (metric.StartsWith("DCGM_", StringComparison.Ordinal) && labels.TryGet("UUID", out var uuid))
        {
            return new Entity(new EntityId(EntityKind.Gpu, uuid), $"{node}/gpu{labels["gpu"]}", LabelSet.Of(
                ("node", node), ("gpu", labels["gpu"]), ("UUID", uuid), ("model", labels["modelName"]),
                ("pci_bus_id", PciAddress.Normalise(labels["pci_bus_id"]))));
        }

        if (metric.StartsWith("gpu_", StringComparison.Ordinal) && labels.TryGet("gpu_id", out var index))
            return Accelerator("amd", node, index, First(labels, "gpu_uuid", "serial_number"), labels["card_model"], "");
        if (metric.StartsWith("npu_", StringComparison.Ordinal) && labels.TryGet("id", out var chip))
            return Accelerator("ascend", node, chip, First(labels, "vdie_id"), labels["model_name"], labels["pcie_bus_info"]);
        if (metric == "node_infiniband_state_id" && labels.TryGet("device", out var device))
        {
            var nic = new EntityId(EntityKind.Nic, $"{node}/{device}");
            return new Entity(nic, nic.Name, LabelSet.Of(("node", node), ("device", device)));
        }

        return null;
    }

    // Where a chip tells no identity of its own, its place has to do.
    private static Entity Accelerator(string vendor, string node, string index, string identity, string model, string address)
    {
        var name = identity.Length > 0 ? identity : $"{node}/gpu{index}";
        return new Entity(new EntityId(EntityKind.Gpu, name), $"{node}/gpu{index}", LabelSet.Of(
            ("node", node), ("gpu", index), ("UUID", name), ("model", model), ("vendor", vendor), ("pci_bus_id", PciAddress.Normalise(address))));
    }

    private static string First(LabelSet labels, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (labels.TryGet(name, out var value))
                return value;
        }

        return "";
    }

    private bool AddNode(string name, SortedDictionary<EntityId, Entity> entities) =>
        Add(new Entity(new EntityId(EntityKind.Node, name), name, LabelSet.Of(("node", name))), entities);

    private bool Add(Entity entity, SortedDictionary<EntityId, Entity> entities)
    {
        if (_known.Count >= EntityLimit || !_known.Add(entity.Id))
            return false;
        entities[entity.Id] = entity;
        return true;
    }
}
