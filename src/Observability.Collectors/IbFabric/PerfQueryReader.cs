using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads perfquery, extended counters and receive-error details, into the series of infiniband_exporter. Data is counted in words of
/// 4 bytes and becomes bytes.
/// <code>
/// # Port extended counters: Lid 1719 port 1 (CapMask: 0x5300 CapMask2: 0x0000002)
/// PortXmitData:....................36298026860928
/// SymbolErrorCounter:..............0
/// </code>
/// </summary>
internal static partial class PerfQueryReader
{
    private const string Prefix = "infiniband_switch_port_";

    private static readonly FrozenDictionary<string, (string Name, double Scale)> Names = new Dictionary<string, (string, double)>
    {
        ["PortXmitData"] = ("transmit_data_bytes_total", 4),
        ["PortRcvData"] = ("receive_data_bytes_total", 4),
        ["PortXmitPkts"] = ("transmit_packets_total", 1),
        ["PortRcvPkts"] = ("receive_packets_total", 1),
        ["PortUnicastXmitPkts"] = ("unicast_transmit_packets_total", 1),
        ["PortUnicastRcvPkts"] = ("unicast_receive_packets_total", 1),
        ["PortMulticastXmitPkts"] = ("multicast_transmit_packets_total", 1),
        ["PortMulticastRcvPkts"] = ("multicast_receive_packets_total", 1),
        ["SymbolErrorCounter"] = ("symbol_error_total", 1),
        ["LinkErrorRecoveryCounter"] = ("link_error_recovery_total", 1),
        ["LinkDownedCounter"] = ("link_downed_total", 1),
        ["PortRcvErrors"] = ("receive_error_total", 1),
        ["PortRcvRemotePhysicalErrors"] = ("receive_remote_physical_error_total", 1),
        ["PortRcvSwitchRelayErrors"] = ("receive_switch_relay_error_total", 1),
        ["PortXmitDiscards"] = ("transmit_discard_total", 1),
        ["PortXmitConstraintErrors"] = ("transmit_constraint_error_total", 1),
        ["PortRcvConstraintErrors"] = ("receive_constraint_error_total", 1),
        ["LocalLinkIntegrityErrors"] = ("local_link_integrity_error_total", 1),
        ["ExcessiveBufferOverrunErrors"] = ("excessive_buffer_overrun_error_total", 1),
        ["VL15Dropped"] = ("vl15_dropped_total", 1),
        ["PortXmitWait"] = ("transmit_wait_total", 1),
        ["QP1Dropped"] = ("qp1_dropped_total", 1),
        ["PortLocalPhysicalErrors"] = ("local_physical_error_total", 1),
        ["PortMalformedPktErrors"] = ("malformed_packet_error_total", 1),
        ["PortBufferOverrunErrors"] = ("buffer_overrun_error_total", 1),
        ["PortDLIDMappingErrors"] = ("dlid_mapping_error_total", 1),
        ["PortVLMappingErrors"] = ("vl_mapping_error_total", 1),
        ["PortLoopingErrors"] = ("looping_error_total", 1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Samples of every port; <paramref name="guid"/> is empty where only the Lid is known.</summary>
    public static (List<SeriesSample> Samples, List<string> Refused) Read(string text, string guid, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var refused = new List<string>();
        LabelSet? port = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (Header().Match(line) is { Success: true } header)
            {
                port = LabelSet.Of(("guid", guid), ("lid", header.Groups["lid"].Value), ("port", header.Groups["port"].Value));
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !Names.TryGetValue(line[..colon], out var name))
                continue;
            if (port is null)
                refused.Add($"line {number}: {line[..colon]} before any '# Port … Lid … port …'");
            else if (RdmaReader.Counter(line[(colon + 1)..].TrimStart('.')) is { } value)
                samples.Add(new SeriesSample(port.With(LabelSet.MetricNameLabel, Prefix + name.Name), new Sample(at.ToUnixTimeMilliseconds(), value * name.Scale)));
            else if (line[(colon + 1)..].TrimStart('.') != uint.MaxValue.ToString(CultureInfo.InvariantCulture))
                refused.Add($"line {number}: not a counter: {Excerpt.Of(line)}");
        }

        return (samples, refused);
    }

    [GeneratedRegex(@"^# Port.*counters: Lid (?<lid>\d+) port (?<port>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
