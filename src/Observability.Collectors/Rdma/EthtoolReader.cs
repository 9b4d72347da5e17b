using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>ethtool -S</c>, whose counters tell of cables (<c>link_down_events_phy</c>, <c>rx_symbol_err_phy</c>), of congestion
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

    /// <summary>Samples of every counter, and lines that are none.</summary>
    public static (List<SeriesSample> Samples, List<string> Refused) Read(string text, string node, string device, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var refused = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var trimmed = line.Trim();
            if (Command().Match(trimmed) is { Success: true } command)
            {
                device = command.Groups["device"].Value;
                names.Clear();
                continue;
            }

            if (trimmed.Length == 0 || trimmed == "NIC statistics:" || trimmed.StartsWith('#'))
                continue;
            var colon = trimmed.LastIndexOf(':');
            var isNumber = double.TryParse(
                colon < 0 ? "" : trimmed[(colon + 1)..].Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value);
            var name = colon < 0 ? "" : NameOf(trimmed[..colon]);
            if (!isNumber || name.Length == 0)
                refused.Add($"line {number}: not 'name: number': {Excerpt.Of(trimmed)}");
            else if (!names.Add(name))
                refused.Add($"line {number}: '{trimmed[..colon]}' has the same name as an earlier counter, {name}");
            else if (samples.Count < SampleLimit)
                samples.Add(new SeriesSample(LabelSet.Of(("__name__", name), ("node", node), ("device", device)), new Sample(at.ToUnixTimeMilliseconds(), value)));
        }

        return (samples, refused);
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

    [GeneratedRegex(@"^(?:#|\$)\s*ethtool -S (?<device>\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex("[^a-z0-9_]", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();

    [GeneratedRegex("(^|_)rx(_|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Received();

    [GeneratedRegex("(^|_)tx(_|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Transmitted();
}
