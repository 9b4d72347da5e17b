using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads <c>ethtool -m</c>, what a transceiver tells of itself (SFF-8472, SFF-8636, CMIS), into the series of transceiver-exporter: light per lane
/// in milliwatts, bias, temperature, and the module's own limits.
/// <code>
/// # ethtool -m eth0                 or nothing, where the file's name is the device
/// 	Laser tx bias current (Channel 1)         : 6.750 mA
/// 	Transmit avg optical power (Channel 1)    : 0.7874 mW / -1.04 dBm
/// 	Rcvr signal avg optical power(Channel 1)  : 0.7032 mW / -1.53 dBm
/// 	Receiver signal average optical power     : 0.6486 mW / -1.88 dBm          one lane, SFP
/// 	Module temperature                        : 34.27 degrees C / 93.68 degrees F
/// 	Laser rx power low alarm threshold        : 0.0407 mW / -13.90 dBm
/// 	Laser rx power low alarm                  : Off                            a flag, not a number
/// </code>
/// </summary>
internal static partial class EthtoolModuleReader
{
    private const string Prefix = "transceiver_exporter_";

    /// <summary>Samples of a module or of several, and lines that should hold a number and do not.</summary>
    public static (List<SeriesSample> Samples, List<string> Refused) Read(string text, string node, string device, DateTimeOffset at)
    {
        var samples = new List<SeriesSample>();
        var refused = new List<string>();
        var limits = new List<(string Name, double Value)>();
        var lanes = new SortedSet<string>(StringComparer.Ordinal);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (Command().Match(line.Trim()) is { Success: true } command)
            {
                Flush();
                device = command.Groups["device"].Value;
            }
            else if (NameOf(line, out var lane, out var isLimit) is { } name)
            {
                if (ValueOf(line) is not { } value)
                    refused.Add($"line {number}: no number with a unit: {Excerpt.Of(line.Trim())}");
                else if (isLimit)
                    limits.Add((name, value));
                else
                    Put(name, lane, value);
            }
        }

        Flush();
        return (samples, refused);

        void Put(string name, string lane, double value)
        {
            if (lane.Length > 0)
                lanes.Add(lane);
            var labels = LabelSet.Of((LabelSet.MetricNameLabel, Prefix + name), ("node", node), ("interface", device), ("laser_index", lane));
            samples.Add(new SeriesSample(labels, new Sample(at.ToUnixTimeMilliseconds(), value)));
        }

        // A module holds one limit for all of its lanes; the exporter tells it for each.
        void Flush()
        {
            foreach (var (name, value) in limits)
            {
                foreach (var lane in lanes.ToArray())
                    Put(name, lane, value);
            }

            limits.Clear();
            lanes.Clear();
        }
    }

    // The name of the series; null for a line that is not read. Lanes count from 1 in the text and from 0 in the series.
    private static string? NameOf(string line, out string lane, out bool isLimit)
    {
        (lane, isLimit) = ("", false);
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return null;
        var said = line[..colon].Trim();
        if (Limit().Match(said) is { Success: true } limit)
        {
            isLimit = true;
            return $"laser_{limit.Groups["way"].Value}_power_{limit.Groups["end"].Value}_{limit.Groups["grade"].Value}_threshold_milliwatts";
        }

        if (said == "Module temperature")
            return "module_temperature_degrees_celsius";
        if (Lane().Match(said) is not { Success: true } match)
            return null;
        lane = match.Groups["lane"] is { Success: true } channel ? (int.Parse(channel.Value, CultureInfo.InvariantCulture) - 1).ToString(CultureInfo.InvariantCulture) : "0";
        return match.Groups["bias"].Success ? "laser_bias_current_milliamperes" : match.Groups["sent"].Success ? "laser_tx_power_milliwatts" : "laser_rx_power_milliwatts";
    }

    private static double? ValueOf(string line) =>
        Value().Match(line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..]) is { Success: true } value
            && double.TryParse(value.Groups["number"].ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    [GeneratedRegex(@"^(?:#|\$)\s*ethtool -m (?<device>\S+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex(@"^Laser (?<way>rx|tx) power (?<end>low|high) (?<grade>alarm|warning) threshold$", RegexOptions.CultureInvariant)]
    private static partial Regex Limit();

    [GeneratedRegex(
        @"^(?:(?<bias>Laser (?:tx )?bias current)|(?<sent>Transmit avg optical power|Laser output power)|Rcvr signal avg optical power|Receiver signal average optical power)\s*(?:\(Channel (?<lane>\d{1,2})\))?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Lane();

    [GeneratedRegex(@"^\s*(?<number>-?\d+(?:\.\d+)?)\s*(?:mW|mA|degrees C)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Value();
}
