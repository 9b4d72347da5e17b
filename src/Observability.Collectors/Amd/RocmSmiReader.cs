using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>rocm-smi -a --json</c> into the series of device-metrics-exporter. All values are texts, and the names carry units that
/// change between ROCm versions, so names are matched by what they contain.
/// <code>
/// {"card0":{"Unique ID":"0x79cc…","Temperature (Sensor junction) (C)":"55.0","Average Graphics Package Power (W)":"36.0",
///           "sclk clock speed:":"(300Mhz)","VRAM Total Memory (B)":"34342961152","PCI Bus":"0000:83:00.0","Serial Number":"N/A"},
///  "system":{"Driver version":"6.2.4"}}
/// </code>
/// </summary>
internal static partial class RocmSmiReader
{
    private const int CardLimit = 256;

    private static readonly (Regex Key, string Metric, string ClockType, double Scale)[] Rows =
    [
        (EdgeKey(), "gpu_edge_temperature", "", 1),
        (JunctionKey(), "gpu_junction_temperature", "", 1),
        (MemoryTemperatureKey(), "gpu_memory_temperature", "", 1),
        (AveragePowerKey(), "gpu_average_package_power", "", 1),
        (CurrentPowerKey(), "gpu_package_power", "", 1),
        (UseKey(), "gpu_gfx_activity", "", 1),
        (TotalMemoryKey(), "gpu_total_vram", "", 1e-6),
        (UsedMemoryKey(), "gpu_used_vram", "", 1e-6),
        (ReplayKey(), "pcie_replay_count", "", 1),
        (SystemClockKey(), "gpu_clock", "system", 1),
        (MemoryClockKey(), "gpu_clock", "memory", 1),
        (EnergyKey(), "gpu_energy_consumed", "", 1),
    ];

    /// <summary>Samples and entities of every card; the second list says what was not taken.</summary>
    public static (List<SeriesSample> Samples, TopologyChange Topology, List<string> Refused) Read(string text, string node, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var refused = new List<string>();
        var entities = new SortedDictionary<EntityId, Entity>();
        var edges = new List<TopologyEdge>();
        try
        {
            using var document = JsonText.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                refused.Add("the document is not an object of cards");
            else
                ReadCards(document.RootElement, (node, at), samples, (entities, edges), refused);
        }
        catch (JsonException fault)
        {
            refused.Add($"line {fault.LineNumber + 1}: not JSON: {fault.Message}");
        }

        return (samples, new TopologyChange(at, "rocm-smi", [.. entities.Values], [.. edges]), refused);
    }

    private static void ReadCards(
        JsonElement root, (string Node, DateTimeOffset At) of, List<SeriesSample> samples,
        (SortedDictionary<EntityId, Entity> Entities, List<TopologyEdge> Edges) shape, List<string> refused)
    {
        var cards = 0;
        foreach (var card in root.EnumerateObject())
        {
            if (!card.Name.StartsWith("card", StringComparison.Ordinal))
                continue;
            if (card.Value.ValueKind != JsonValueKind.Object || ++cards > CardLimit)
            {
                refused.Add($"{card.Name} is not an object, or beyond the limit of {CardLimit} cards");
                continue;
            }

            var fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var field in card.Value.EnumerateObject())
                fields.TryAdd(field.Name, field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : field.Value.ToString());
            ReadCard(card.Name["card".Length..], fields, of, samples, shape);
        }
    }

    private static void ReadCard(
        string index, Dictionary<string, string> fields, (string Node, DateTimeOffset At) of, List<SeriesSample> samples,
        (SortedDictionary<EntityId, Entity> Entities, List<TopologyEdge> Edges) shape)
    {
        string[] candidates = [Stated(fields, "Unique ID"), Stated(fields, "Serial Number"), Stated(fields, "PCI Bus"), $"card{index}"];
        var identity = candidates.First(candidate => candidate.Length > 0);
        var labels = LabelSet.Of(
            ("node", of.Node), ("hostname", of.Node), ("gpu_id", index), ("gpu_uuid", Stated(fields, "Unique ID")),
            ("serial_number", Stated(fields, "Serial Number")), ("card_model", Stated(fields, "Card series")));
        var seen = new HashSet<(string, string)>();
        foreach (var (key, text) in fields)
        {
            foreach (var (pattern, metric, clock, scale) in Rows)
            {
                if (pattern.IsMatch(key) && Number(text) is { } value && seen.Add((metric, clock)))
                    samples.Add(new SeriesSample(labels.With(LabelSet.Of(("__name__", metric), ("clock_type", clock))), new Sample(of.At.ToUnixTimeMilliseconds(), value * scale)));
            }
        }

        if (of.Node.Length == 0)
            return;
        var host = new EntityId(EntityKind.Node, of.Node);
        var gpu = new EntityId(EntityKind.Gpu, identity);
        shape.Entities.TryAdd(host, new Entity(host, of.Node, LabelSet.Of(("node", of.Node))));
        shape.Entities[gpu] = new Entity(gpu, $"{of.Node}/gpu{index}", LabelSet.Of(
            ("node", of.Node), ("gpu", index), ("UUID", identity), ("model", Stated(fields, "Card series")), ("vendor", "amd"),
            ("pci_bus_id", PciAddress.Normalise(Stated(fields, "PCI Bus"))), ("serial", Stated(fields, "Serial Number"))));
        shape.Edges.Add(new TopologyEdge(gpu, EdgeKind.PartOf, host, of.At));
    }

    private static string Stated(Dictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name, "") is var text && text is "N/A" or "0" or "None" ? "" : text;

    // "55.0", "(300Mhz)", "12%"
    private static double? Number(string text) => Digits().Match(text) is { Success: true } match
        && double.TryParse(match.ValueSpan, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : null;

    [GeneratedRegex(@"(?<=^\(?)-?\d+(?:\.\d+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();

    [GeneratedRegex(@"^Temperature \(Sensor edge\)", RegexOptions.CultureInvariant)]
    private static partial Regex EdgeKey();

    [GeneratedRegex(@"^Temperature \(Sensor junction\)", RegexOptions.CultureInvariant)]
    private static partial Regex JunctionKey();

    [GeneratedRegex(@"^Temperature \(Sensor memory\)", RegexOptions.CultureInvariant)]
    private static partial Regex MemoryTemperatureKey();

    [GeneratedRegex(@"^Average (?:Graphics |Socket )?(?:Graphics )?Package Power \(W\)", RegexOptions.CultureInvariant)]
    private static partial Regex AveragePowerKey();

    [GeneratedRegex(@"^Current (?:Socket )?(?:Graphics )?Package Power \(W\)", RegexOptions.CultureInvariant)]
    private static partial Regex CurrentPowerKey();

    [GeneratedRegex(@"^GPU use \(%\)", RegexOptions.CultureInvariant)]
    private static partial Regex UseKey();

    [GeneratedRegex(@"^VRAM Total Memory \(B\)", RegexOptions.CultureInvariant)]
    private static partial Regex TotalMemoryKey();

    [GeneratedRegex(@"^VRAM Total Used Memory \(B\)", RegexOptions.CultureInvariant)]
    private static partial Regex UsedMemoryKey();

    [GeneratedRegex(@"^PCIe Replay Count", RegexOptions.CultureInvariant)]
    private static partial Regex ReplayKey();

    [GeneratedRegex(@"^sclk clock speed", RegexOptions.CultureInvariant)]
    private static partial Regex SystemClockKey();

    [GeneratedRegex(@"^mclk clock speed", RegexOptions.CultureInvariant)]
    private static partial Regex MemoryClockKey();

    [GeneratedRegex(@"^(?:Accumulated Energy|Energy counter) \(uJ\)", RegexOptions.CultureInvariant)]
    private static partial Regex EnergyKey();
}
