using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Turns what nvidia-smi said of a node into samples with dcgm-exporter's names and labels, entities, and events for states that
/// need somebody. Unknown values give no sample.
/// </summary>
internal sealed partial class NvidiaSmiSamples(string node, DateTimeOffset at)
{
    private const string Source = "nvidia-smi";

    private readonly List<SeriesSample> _samples = [];
    private readonly List<TelemetryEvent> _events = [];
    private readonly SortedDictionary<EntityId, Entity> _entities = [];
    private readonly List<TopologyEdge> _edges = [];

    /// <summary>Every sample, each at the time its GPU was asked.</summary>
    public IReadOnlyList<SeriesSample> Samples => _samples;

    /// <summary>Bad states.</summary>
    public IReadOnlyList<TelemetryEvent> Events => _events;

    /// <summary>The node, its GPUs and their partitions.</summary>
    public TopologyChange Topology => new(at, Source, [.. _entities.Values], [.. _edges.Distinct()]);

    public void Add(NvidiaSmiReading reading)
    {
        foreach (var gpu in reading.Gpus)
            Add(gpu);
        foreach (var complaint in reading.Complaints)
            Complain(complaint);
        if (node.Length > 0 && reading.Gpus.Count > 0 && NvidiaSmiValue.Number(reading.Gpus[0]["count"]) is { } count)
            Put(LabelSet.Of(("node", node), ("Hostname", node)), "DCGM_FI_DEV_COUNT", count, reading.Gpus[0].At ?? at);
    }

    /// <summary>NVLinks, whose state no DCGM metric gives link by link: <c>nvidia_nvlink_active</c>, <c>nvidia_nvlink_speed_bytes_per_second</c>.</summary>
    public void Add(IEnumerable<(string Gpu, string Uuid, string Link, double? BytesPerSecond)> links)
    {
        foreach (var (gpu, uuid, link, speed) in links)
        {
            var labels = LabelSet.Of(("node", node), ("gpu", gpu), ("UUID", uuid), ("nvlink", link));
            Put(labels, "nvidia_nvlink_active", speed is null ? 0 : 1, at);
            Put(labels, "nvidia_nvlink_speed_bytes_per_second", speed, at);
        }
    }

    private void Add(NvidiaSmiGpu gpu)
    {
        var when = gpu.At ?? at;
        var labels = LabelsOf(gpu);
        foreach (var (column, metric, scale) in NvidiaSmiMetrics.Plain)
        {
            // A board without a memory sensor says 0 or nothing.
            if (NvidiaSmiValue.Number(gpu[column]) is { } value && !(value == 0 && metric == "DCGM_FI_DEV_MEMORY_TEMP"))
                Put(labels, metric, value * scale, when);
        }

        Put(labels, "DCGM_FI_DEV_CLOCKS_EVENT_REASONS", ClockReasons(gpu), when);
        Put(labels, "DCGM_FI_DEV_PSTATE", NvidiaSmiValue.Number(gpu["pstate"].TrimStart('P')), when);
        Put(labels, "DCGM_FI_DEV_GET_GPU_RECOVERY_ACTION", NvidiaSmiStates.RecoveryAction(gpu), when);
        Put(labels, "DCGM_FI_DEV_FABRIC_MANAGER_STATUS", NvidiaSmiStates.FabricStatus(gpu), when);
        Put(labels, "DCGM_FI_DEV_FABRIC_HEALTH_SUMMARY", NvidiaSmiStates.FabricHealth(gpu), when);
        foreach (var (kind, metric) in ((string, string)[])[("corrected", "SBE"), ("uncorrected", "DBE")])
        {
            foreach (var (span, word) in ((string, string)[])[("volatile", "VOL"), ("aggregate", "AGG")])
            {
                var sram = Sram(gpu, $"ecc.errors.{kind}.{span}");
                Put(labels, $"DCGM_FI_DEV_ECC_{metric}_{word}_SRM", sram, when);
                Put(labels, $"DCGM_FI_DEV_ECC_{metric}_{word}_TOTAL", Total(gpu, $"ecc.errors.{kind}.{span}", sram), when);
            }
        }

        foreach (var (code, severity, words) in NvidiaSmiStates.Findings(gpu))
            _events.Add(Event(code, severity, words, when, labels.Keep("node", "gpu", "UUID").With("pci_bus_id", PciAddress.Normalise(labels["pci_bus_id"]))));
        AddEntities(gpu, labels);
    }

    // Every release since 535 adds up for itself; older XML has the parts only, and parity and SECDED may stand alone.
    private static double? Total(NvidiaSmiGpu gpu, string prefix, double? sram)
    {
        if (NvidiaSmiValue.Number(gpu[prefix + ".total"]) is { } stated)
            return stated;
        var dram = NvidiaSmiValue.Number(gpu[prefix + ".dram"]);
        return sram is null && dram is null ? null : (sram ?? 0) + (dram ?? 0);
    }

    private static double? Sram(NvidiaSmiGpu gpu, string prefix)
    {
        if (NvidiaSmiValue.Number(gpu[prefix + ".sram"]) is { } stated)
            return stated;
        var parity = NvidiaSmiValue.Number(gpu[prefix + ".sram.parity"]);
        var secded = NvidiaSmiValue.Number(gpu[prefix + ".sram.secded"]);
        return parity is null && secded is null ? null : (parity ?? 0) + (secded ?? 0);
    }

    private static double? ClockReasons(NvidiaSmiGpu gpu)
    {
        if (NvidiaSmiValue.Number(gpu["clocks_event_reasons.active"]) is { } mask)
            return mask;
        double? bits = null;
        foreach (var (reason, bit) in NvidiaSmiMetrics.ClockReasons)
        {
            if (NvidiaSmiValue.Number(gpu["clocks_event_reasons." + reason]) is { } active)
                bits = (bits ?? 0) + (active == 1 ? bit : 0);
        }

        return bits;
    }

    private LabelSet LabelsOf(NvidiaSmiGpu gpu)
    {
        var index = gpu.Index.ToString(CultureInfo.InvariantCulture);
        var minor = NvidiaSmiValue.IsStated(gpu["minor_number"]) ? gpu["minor_number"] : index;
        return LabelSet.Of(
            ("node", node), ("Hostname", node), ("gpu", index), ("UUID", gpu.Uuid), ("pci_bus_id", gpu["pci.bus_id"]),
            ("device", "nvidia" + minor), ("modelName", gpu["name"]), ("DCGM_FI_DRIVER_VERSION", gpu["driver_version"]));
    }

    private void AddEntities(NvidiaSmiGpu gpu, LabelSet labels)
    {
        if (node.Length == 0 || gpu.Uuid.Length == 0)
            return;
        var host = new EntityId(EntityKind.Node, node);
        _entities.TryAdd(host, new Entity(host, node, LabelSet.Of(("node", node))));
        var id = new EntityId(EntityKind.Gpu, gpu.Uuid);
        var clique = NvidiaSmiValue.IsStated(gpu["fabric.clusterUuid"]) && gpu["fabric.clusterUuid"].Any(c => c is not ('0' or '-'))
            ? $"{gpu["fabric.clusterUuid"]}.{gpu["fabric.cliqueId"]}"
            : "";
        _entities[id] = new Entity(id, $"{node}/gpu{labels["gpu"]}", LabelSet.Of(
            ("node", node), ("gpu", labels["gpu"]), ("UUID", gpu.Uuid), ("model", gpu["name"]),
            ("pci_bus_id", PciAddress.Normalise(gpu["pci.bus_id"])), ("serial", Stated(gpu["serial"])), ("vbios", Stated(gpu["vbios_version"])),
            ("driver_version", Stated(gpu["driver_version"])), ("nvlink_clique", clique)));
        _edges.Add(new TopologyEdge(id, EdgeKind.PartOf, host, at));
        foreach (var partition in gpu.Partitions)
            AddPartition(gpu, partition, labels, id);
    }

    private void AddPartition(NvidiaSmiGpu gpu, Dictionary<string, string> partition, LabelSet labels, EntityId board)
    {
        var instance = partition.GetValueOrDefault("gpu_instance_id", "");
        var compute = partition.GetValueOrDefault("compute_instance_id", "");
        if (instance.Length == 0)
            return;
        // Profiles computed from memory are wrong by a gigabyte here and there; the instance number is the identity.
        var id = new EntityId(EntityKind.GpuPartition, $"{gpu.Uuid}/{instance}/{compute}");
        _entities[id] = new Entity(id, $"{node}/gpu{labels["gpu"]}/gi{instance}", LabelSet.Of(
            ("node", node), ("UUID", gpu.Uuid), ("gpu_instance", instance), ("compute_instance", compute)));
        _edges.Add(new TopologyEdge(id, EdgeKind.PartOf, board, at));
        foreach (var (element, metric) in NvidiaSmiMetrics.OfPartition)
            Put(labels.With("GPU_I_ID", instance), metric, NvidiaSmiValue.Number(partition.GetValueOrDefault(element, "")), gpu.At ?? at);
    }

    private void Complain(string line)
    {
        var match = LostHandle().Match(line);
        var labels = LabelSet.Of(("node", node), ("pci_bus_id", match.Success ? PciAddress.Normalise(match.Groups["pci"].Value) : ""));
        _events.Add(match.Success
            ? Event("nvsmi:gpu_lost", EventSeverity.HardwareFatal, line, at, labels)
            : Event("nvsmi:driver_unreachable", EventSeverity.HardwareDegraded, line, at, labels));
    }

    private static TelemetryEvent Event(string code, EventSeverity severity, string words, DateTimeOffset when, LabelSet labels) => new()
    {
        At = when,
        Source = EventSource.NvidiaSmi,
        Code = code,
        Severity = severity,
        Raw = words,
        Labels = labels,
        Fields = LabelSet.Of(("message", words)),
        DedupeKey = $"{code}|{labels["node"]}|{labels["UUID"]}|{labels["pci_bus_id"]}",
    };

    private void Put(LabelSet labels, string metric, double? value, DateTimeOffset when)
    {
        if (value is { } known)
            _samples.Add(new SeriesSample(labels.With(LabelSet.MetricNameLabel, metric), new Sample(when.ToUnixTimeMilliseconds(), known)));
    }

    private static string Stated(string text) => NvidiaSmiValue.IsStated(text) ? text : "";

    [GeneratedRegex(@"device handle for GPU\s*\d*\s*:?\s*(?<pci>[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LostHandle();
}
