using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// What ethtool says of a port besides its counters, under node_exporter's names where it has one: <c>node_network_speed_bytes</c> (bytes per
/// second), <c>node_network_carrier</c>, <c>node_network_autonegotiate</c>, <c>node_network_info{duplex}</c>, <c>node_ethtool_info</c> with driver
/// and firmware; <c>ethtool_lanes</c> and <c>ethtool_pause_*</c> are ours.
/// <code>
/// Settings for eth0:                 driver: mlx5_core                  Pause parameters for eth0:
///         Speed: 400000Mb/s          version: 24.10-1.1.4               Autonegotiate:  off
///         Duplex: Full               firmware-version: 28.43.1014 (…)   RX:             on
///         Link detected: yes         bus-info: 0000:18:00.0             TX:             on
/// </code>
/// </summary>
internal static class EthtoolLink
{
    private const double BytesPerMegabit = 125_000;

    private static readonly (string Field, string Label)[] DriverLabels =
    [
        ("driver", "driver"), ("version", "version"), ("firmware-version", "firmware_version"), ("expansion-rom-version", "expansion_rom_version"), ("bus-info", "bus_info"),
    ];

    private static readonly (string Field, string Metric)[] Switches =
    [
        ("Autonegotiate", "ethtool_pause_autonegotiate"), ("RX", "ethtool_pause_receive"), ("TX", "ethtool_pause_transmit"),
        ("RX negotiated", "ethtool_pause_receive_negotiated"), ("TX negotiated", "ethtool_pause_transmit_negotiated"),
    ];

    /// <summary>Series of a section's fields, in the order of this page; what has a value that is not understood is named.</summary>
    public static IEnumerable<(LabelSet Labels, double Value)> Series(EthtoolSection section, Dictionary<string, string> fields, LabelSet port, Action<string> refuse) => section switch
    {
        EthtoolSection.Settings => Settings(fields, port, refuse),
        EthtoolSection.Driver => Driver(fields, port),
        EthtoolSection.Pause => Switches.SelectMany(one => OnOff(fields, one.Field, one.Metric, port, refuse)),
        _ => [],
    };

    private static IEnumerable<(LabelSet Labels, double Value)> Settings(Dictionary<string, string> fields, LabelSet port, Action<string> refuse)
    {
        // A port without a link has an unknown speed, which is no zero.
        if (fields.GetValueOrDefault("Speed") is { } speed && !speed.StartsWith("Unknown", StringComparison.Ordinal))
        {
            if (speed.EndsWith("Mb/s", StringComparison.Ordinal) && Number(speed[..^4]) is { } megabits)
                yield return (Named(port, "node_network_speed_bytes"), megabits * BytesPerMegabit);
            else
                refuse($"Speed is '{Excerpt.Of(speed)}', not a number of Mb/s");
        }

        if (fields.GetValueOrDefault("Lanes") is { } lanes && Number(lanes) is { } count)
            yield return (Named(port, "ethtool_lanes"), count);
        if (fields.GetValueOrDefault("Duplex") is { } duplex && duplex is "Full" or "Half")
            yield return (Named(port, "node_network_info").With("duplex", duplex == "Full" ? "full" : "half"), 1);
        foreach (var one in OnOff(fields, "Auto-negotiation", "node_network_autonegotiate", port, refuse))
            yield return one;
        // Behind a no newer versions say why: "no (No cable)".
        foreach (var one in OnOff(fields, "Link detected", "node_network_carrier", port, refuse))
            yield return one;
    }

    private static IEnumerable<(LabelSet Labels, double Value)> Driver(Dictionary<string, string> fields, LabelSet port)
    {
        var labels = DriverLabels.Aggregate(Named(port, "node_ethtool_info"), (all, one) =>
            fields.GetValueOrDefault(one.Field) is { Length: > 0 } value ? all.With(one.Label, value) : all);
        if (labels.Has("driver"))
            yield return (labels, 1);
    }

    private static IEnumerable<(LabelSet Labels, double Value)> OnOff(
        Dictionary<string, string> fields, string field, string metric, LabelSet port, Action<string> refuse)
    {
        if (fields.GetValueOrDefault(field) is not { Length: > 0 } text)
            yield break;
        var word = text.Split(' ')[0];
        if (word is "on" or "yes" or "off" or "no")
            yield return (Named(port, metric), word is "on" or "yes" ? 1 : 0);
        else
            refuse($"{field} is '{Excerpt.Of(text)}', neither on nor off");
    }

    private static LabelSet Named(LabelSet port, string metric) => port.With(LabelSet.MetricNameLabel, metric);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
