using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Puts the files of a <c>/sys/class/infiniband</c> tree together:
/// <code>
/// mlx5_0/fw_ver                              28.41.1000
/// mlx5_0/ports/1/state                       4: ACTIVE
/// mlx5_0/ports/1/rate                        400 Gb/sec (4X NDR)
/// mlx5_0/ports/1/counters/port_xmit_data     230442669431839       4-byte words
/// mlx5_0/ports/1/hw_counters/out_of_buffer   0                     or: N/A (no PMA)
/// </code>
/// </summary>
internal static partial class RdmaReader
{
    private const int DeviceLimit = 1_024;
    private const int FieldLimit = 512;

    /// <summary>Devices by name; files that are not of a tree are passed over.</summary>
    public static SortedDictionary<string, RdmaDevice> Read(IEnumerable<KeyValuePair<string, string>> files)
    {
        var devices = new SortedDictionary<string, RdmaDevice>(StringComparer.Ordinal);
        foreach (var (path, text) in files)
        {
            if (TreePath().Match(path) is not { Success: true } match)
                continue;
            var name = match.Groups["device"].Value;
            if (!devices.TryGetValue(name, out var device))
            {
                if (devices.Count >= DeviceLimit)
                    continue;
                devices[name] = device = new RdmaDevice(name);
            }

            var fields = device.Fields;
            if (match.Groups["port"] is { Success: true } port && !device.Ports.TryGetValue(port.Value, out fields))
                device.Ports[port.Value] = fields = new(StringComparer.Ordinal);
            if (fields!.Count < FieldLimit)
                fields[match.Groups["field"].Value] = text.Trim();
        }

        return devices;
    }

    /// <summary>The part of a path that lies above the devices of a tree, with its slash; null where the path is of no tree.</summary>
    public static string? RootOf(string path) =>
        TreePath().Match(path) is { Success: true } match ? path[..match.Groups["device"].Index] : null;

    /// <summary>A counter; null for <c>N/A (no PMA)</c> and for one that stands at the end of 32 bits and counts no further.</summary>
    public static double? Counter(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value != uint.MaxValue ? value : null;

    /// <summary>The number that a state begins with: 4 of <c>4: ACTIVE</c>.</summary>
    public static double? State(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out var state)
            ? state
            : null;

    /// <summary>Bits per second, lanes and speed of <c>400 Gb/sec (4X NDR)</c>; null where the text is otherwise.</summary>
    public static (double BitsPerSecond, double? Lanes, string Speed)? Rate(string text)
    {
        if (RateText().Match(text) is not { Success: true } match
            || !double.TryParse(match.Groups["rate"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate))
        {
            return null;
        }

        double? lanes = match.Groups["lanes"].Success ? double.Parse(match.Groups["lanes"].ValueSpan, CultureInfo.InvariantCulture) : null;
        return (rate * 1e9, lanes, match.Groups["speed"].Value);
    }

    [GeneratedRegex(@"(?:^|/)(?<device>[A-Za-z][\w.-]*)/(?:ports/(?<port>\d{1,4})/(?<field>(?:counters|hw_counters|counters_ext)/\w+|state|phys_state|rate|link_layer)|(?<field>fw_ver|board_id|hca_type|node_guid))$", RegexOptions.CultureInvariant)]
    private static partial Regex TreePath();

    [GeneratedRegex(@"^(?<rate>\d+(?:\.\d+)?) Gb/sec(?: \((?<lanes>\d{1,3})X ?(?<speed>\w*)\))?$", RegexOptions.CultureInvariant)]
    private static partial Regex RateText();
}
