using System.Globalization;
using System.Text.RegularExpressions;

namespace Observability.Collectors;

/// <summary>
/// Reads what RDMA perftest prints (<c>ib_write_bw</c>, <c>ib_read_lat</c> and their kin): the test, its device and the table, whose header tells the
/// units.
/// <code>
///                     RDMA_Write BW Test
///  Device         : mlx5_0
///  #bytes     #iterations    BW peak[Gb/sec]    BW average[Gb/sec]   MsgRate[Mpps]
///  65536      5000             392.40              391.85             0.747
///  #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec]
///  2       1000          1.02           5.11         1.06                1.07           0.09            1.21                    5.11
/// </code>
/// </summary>
internal sealed partial class PerftestReader
{
    private List<(string Name, double Factor)>? _columns;

    /// <summary>The test, <c>RDMA_Write BW Test</c>; empty until its title was read.</summary>
    public string Test { get; private set; } = "";

    /// <summary>The device, <c>mlx5_0</c>; empty until it was read.</summary>
    public string Device { get; private set; } = "";

    /// <summary>True where a text is perftest's.</summary>
    public static bool Recognises(string head) => head.Contains("#bytes", StringComparison.Ordinal) && head.Contains("#iterations", StringComparison.Ordinal);

    /// <summary>
    /// Reads a line; for a row of the table the message size in bytes and the values by name: <c>bandwidth_peak_bytes_per_second</c>,
    /// <c>bandwidth_bytes_per_second</c>, <c>messages_per_second</c>, <c>latency_min_seconds</c> and the like. Null for any other line.
    /// </summary>
    public (long Bytes, IReadOnlyList<(string Name, double Value)> Values)? Read(string line)
    {
        if (line.Contains(" Test", StringComparison.Ordinal) && Title().Match(line) is { Success: true } title)
            Test = title.Groups["test"].Value;
        else if (DeviceLine().Match(line) is { Success: true } device)
            Device = device.Groups["name"].Value;
        else if (line.Contains("#bytes", StringComparison.Ordinal))
            _columns = [.. Header().Matches(line).Select(match => Column(match.Groups["name"].Value.Trim(), match.Groups["unit"].Value))];
        else if (_columns is not null)
            return Row(line);
        return null;
    }

    private (long Bytes, IReadOnlyList<(string Name, double Value)> Values)? Row(string line)
    {
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || words.Length > _columns!.Count + 2
            || !long.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)
            || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return null;
        }

        var values = new List<(string, double)>();
        for (var i = 2; i < words.Length; i++)
        {
            var (name, factor) = _columns[i - 2];
            if (name.Length > 0 && double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                values.Add((name, value * factor));
        }

        return (bytes, values);
    }

    // MB is 2^20 bytes here, as perftest counts it; Gb is 10^9 bits.
    private static (string Name, double Factor) Column(string name, string unit)
    {
        var factor = unit switch { "MB/sec" or "MiB/sec" => 1_048_576d, "Gb/sec" => 1e9 / 8, "Mpps" => 1e6, "usec" => 1e-6, _ => 0 };
        var known = name switch
        {
            "BW peak" => "bandwidth_peak_bytes_per_second",
            "BW average" => "bandwidth_bytes_per_second",
            "MsgRate" => "messages_per_second",
            "t_min" => "latency_min_seconds",
            "t_max" => "latency_max_seconds",
            "t_typical" => "latency_typical_seconds",
            "t_avg" => "latency_avg_seconds",
            "t_stdev" => "latency_stdev_seconds",
            "99% percentile" => "latency_p99_seconds",
            "99.9% percentile" => "latency_p999_seconds",
            _ => "",
        };
        return factor == 0 ? ("", 0) : (known, factor);
    }

    [GeneratedRegex(@"^\s+(?<test>\w+ (?:BW|Latency|Bidirectional BW)(?: \w+)* Test)", RegexOptions.CultureInvariant)]
    private static partial Regex Title();

    [GeneratedRegex(@"(?:^|\s)Device\s+: (?<name>\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex DeviceLine();

    [GeneratedRegex(@"(?<name>(?:BW |[\d.]+% )?[A-Za-z_]+)\[(?<unit>[A-Za-z/]+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
