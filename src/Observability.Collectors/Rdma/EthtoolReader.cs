using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads what ethtool prints, one section after the other; <see cref="EthtoolLink"/> knows the others. The counters of <c>-S</c> tell of cables (<c>link_down_events_phy</c>, <c>rx_symbol_err_phy</c>), of congestion
/// (<c>rx_prio3_pause</c>, <c>rx_prio3_marked</c>) and of the PCIe slot (<c>outbound_pci_stalled_wr</c>). Names become those of
/// node_exporter: <c>node_ethtool_received_prio3_pause{device}</c>.
/// <code>
/// # ethtool -S eth0                 or nothing, where the file's name is the device
/// NIC statistics:
///      rx_prio3_pause: 12
///      port.rx_dropped: 12028
/// </code>
/// </summary>
internal static partial class EthtoolReader
{
    private const int SampleLimit = 10_000;

    // node_exporter names the seven that every driver has as counters with their unit.
    private static readonly Dictionary<string, string> Common = new(StringComparer.Ordinal)
    {
        ["rx_bytes"] = "received_bytes_total",
        ["rx_dropped"] = "received_dropped_total",
        ["rx_errors"] = "received_errors_total",
        ["rx_packets"] = "received_packets_total",
        ["tx_bytes"] = "transmitted_bytes_total",
        ["tx_errors"] = "transmitted_errors_total",
        ["tx_packets"] = "transmitted_packets_total",
        ["align_errors"] = "align_errors",
    };

    /// <summary>Samples of every section, and lines that are none.</summary>
    public static (List<SeriesSample> Samples, List<string> Refused) Read(string text, string node, string device, DateTimeOffset at)
    {
        var output = new Output(node, device, at);
        var number = 0;
        foreach (var line in text.Split('\n'))
            output.Take(line, ++number);
        output.End();
        return (output.Samples, output.Refused);
    }

    /// <summary>The name in node_exporter: lower case, what is no letter or digit an underscore, rx and tx written out.</summary>
    public static string NameOf(string counter)
    {
        var written = counter.Trim();
        if (written.Length == 0)
            return "";
        if (Common.TryGetValue(written, out var known))
            return "node_ethtool_" + known;
#pragma warning disable CA1308 // metric names are lower case
        var name = NotInNames().Replace(written.ToLowerInvariant(), "_").Trim('_');
#pragma warning restore CA1308
        name = Received().Replace(name, "${1}received${2}");
        return "node_ethtool_" + Transmitted().Replace(name, "${1}transmitted${2}");
    }

    /// <summary>The section and port that a line begins; null where it begins none.</summary>
    public static (EthtoolSection Section, string Device)? Begins(string line) =>
        Command().Match(line) is { Success: true } command ? (SectionOf(command.Groups["flag"].Value), command.Groups["device"].Value)
        : line == "NIC statistics:" ? (EthtoolSection.Statistics, "")
        : Title().Match(line) is { Success: true } title ? (title.Groups["pause"].Success ? EthtoolSection.Pause : EthtoolSection.Settings, title.Groups["device"].Value)
        : null;

    private static EthtoolSection SectionOf(string flag) => flag switch
    {
        "" => EthtoolSection.Settings,
        "-S" or "--statistics" => EthtoolSection.Statistics,
        "-i" or "--driver" => EthtoolSection.Driver,
        "-a" or "--show-pause" => EthtoolSection.Pause,
        _ => EthtoolSection.None,
    };

    [GeneratedRegex(@"^(?:#|\$)\s*ethtool(?: (?<flag>-\S+))? (?<device>[^-\s]\S*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex(@"^(?:Settings|(?<pause>Pause parameters)) for (?<device>\S+):$", RegexOptions.CultureInvariant)]
    private static partial Regex Title();

    [GeneratedRegex("[^a-z0-9_]", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();

    [GeneratedRegex("(^|_)rx(_|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Received();

    [GeneratedRegex("(^|_)tx(_|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Transmitted();

    /// <summary>The sections of one text, one after the other.</summary>
    private sealed class Output(string node, string device, DateTimeOffset at)
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
        private string _device = device;
        private EthtoolSection _section;
        private int _began = 1;
        private int _number;

        public List<SeriesSample> Samples { get; } = [];

        public List<string> Refused { get; } = [];

        public void Take(string line, int number)
        {
            _number = number;
            var trimmed = line.Trim();
            if (Begins(trimmed) is { } begun)
            {
                End();
                _began = number;
                (_section, _device) = (begun.Section, begun.Device.Length > 0 ? begun.Device : _device);
                return;
            }

            // Alone, the output of -i has no title.
            if (_section == EthtoolSection.None && trimmed.StartsWith("driver: ", StringComparison.Ordinal))
                _section = EthtoolSection.Driver;
            if (trimmed.Length == 0 || trimmed.StartsWith('#'))
                return;
            if (_section == EthtoolSection.Statistics)
                Count(trimmed);
            else if (_section != EthtoolSection.None && trimmed.IndexOf(':') is > 0 and var colon)
                _fields.TryAdd(trimmed[..colon].TrimEnd(), trimmed[(colon + 1)..].Trim());
        }

        public void End()
        {
            foreach (var (labels, value) in EthtoolLink.Series(_section, _fields, LabelSet.Of(("node", node), ("device", _device)), why => Refused.Add($"section at line {_began}: {why}")))
                Add(labels, value);
            _fields.Clear();
            _names.Clear();
        }

        private void Count(string line)
        {
            var colon = line.LastIndexOf(':');
            var isNumber = double.TryParse(
                colon < 0 ? "" : line[(colon + 1)..].Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
            var name = colon < 0 ? "" : NameOf(line[..colon]);
            if (!isNumber || name.Length == 0)
                Refuse($"not 'name: number': {Excerpt.Of(line)}");
            else if (!_names.Add(name))
                Refuse($"'{line[..colon]}' has the same name as an earlier counter, {name}");
            else
                Add(LabelSet.Of((LabelSet.MetricNameLabel, name), ("node", node), ("device", _device)), value);
        }

        private void Add(LabelSet labels, double value)
        {
            if (Samples.Count < SampleLimit)
                Samples.Add(new SeriesSample(labels, new Sample(at.ToUnixTimeMilliseconds(), value)));
        }

        private void Refuse(string why) => Refused.Add($"line {_number}: {why}");
    }
}
