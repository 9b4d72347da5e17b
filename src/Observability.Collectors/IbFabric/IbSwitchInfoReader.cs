using System.Globalization;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads ibswinfo: a switch's power supplies, fans and temperature, as the series of infiniband_exporter, and events for what is not OK.
/// <code>
/// GUID               | 0x1c34da0300010540
/// uptime (d-h:m:s)   | 160d-10:38:53
/// PSU0 status        | OK
///      power (W)     | 72
/// temperature (C)    | 45
/// fan status         | ERROR
/// fan#1 (rpm)        | 8493
/// </code>
/// </summary>
internal static partial class IbSwitchInfoReader
{
    /// <summary>Samples, events and refused lines.</summary>
    public static (List<SeriesSample> Samples, List<TelemetryEvent> Events, List<string> Refused) Read(string text, DateTimeOffset at)
    {
        var lines = text.Split('\n').Select(line => line.Split('|', 2)).ToList();
        var guid = lines.Where(cells => cells.Length == 2 && cells[0].Trim() == "GUID").Select(cells => cells[1].Trim()).FirstOrDefault() ?? "";
        var read = new Reading(guid, at);
        if (guid.Length == 0)
            read.Refused.Add("no line 'GUID | 0x…': the switch is not named");
        for (var i = 0; i < lines.Count && guid.Length > 0; i++)
        {
            if (lines[i].Length == 2)
                Take(read, lines[i][0], lines[i][1].Trim(), i + 1);
        }

        if (guid.Length > 0)
            read.Put("infiniband_switch_hardware_info", 1, LabelSet.Of(read.Hardware.ToArray()));
        return (read.Samples, read.Events, read.Refused);
    }

    private static void Take(Reading read, string key, string value, int number)
    {
        var name = key.Trim();
        if (Supply().Match(name) is { Success: true } supply)
        {
            read.Supply = supply.Groups["psu"].Value;
            read.State("infiniband_switch_power_supply_status_info", "ibswitch:power_supply", value, ("psu", read.Supply));
            return;
        }

        if (Fan().Match(name) is { Success: true } fan)
        {
            read.Number("infiniband_switch_fan_rpm", value, number, ("fan", fan.Groups["fan"].Value));
            return;
        }

        var ofSupply = key.StartsWith(' ');
        switch (name)
        {
            case "DC power" when ofSupply:
                read.State("infiniband_switch_power_supply_dc_power_status_info", "ibswitch:power_supply", value, ("psu", read.Supply));
                break;
            case "fan status" when ofSupply:
                read.State("infiniband_switch_power_supply_fan_status_info", "ibswitch:fan", value, ("psu", read.Supply));
                break;
            case "power (W)" when ofSupply:
                read.Number("infiniband_switch_power_supply_watts", value, number, ("psu", read.Supply));
                break;
            case "fan status":
                read.State("infiniband_switch_fan_status_info", "ibswitch:fan", value);
                break;
            case "temperature (C)":
                read.Number("infiniband_switch_temperature_celsius", value, number);
                break;
            case "max temp (C)":
                read.Number("infiniband_switch_temperature_max_celsius", value, number);
                break;
            case "uptime (d-h:m:s)" when Uptime().Match(value) is { Success: true } up:
                read.Put("infiniband_switch_uptime_seconds",
                    (Number(up, "d") * 86_400) + (Number(up, "h") * 3_600) + (Number(up, "m") * 60) + Number(up, "s"), LabelSet.Empty);
                break;
            case "part number" or "serial number" or "PSID" or "firmware version" or "product name":
                read.Hardware.Add((name == "PSID" ? "psid" : name.Replace(' ', '_'), value));
                break;
        }
    }

    private static double Number(Match match, string group) => double.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private sealed class Reading(string guid, DateTimeOffset at)
    {
        public List<SeriesSample> Samples { get; } = [];

        public List<TelemetryEvent> Events { get; } = [];

        public List<string> Refused { get; } = [];

        public List<(string Name, string Value)> Hardware { get; } = [];

        public string Supply { get; set; } = "";

        public void Put(string metric, double value, LabelSet labels) =>
            Samples.Add(new SeriesSample(labels.With("guid", guid).With(LabelSet.MetricNameLabel, metric), new Sample(at.ToUnixTimeMilliseconds(), value)));

        public void Number(string metric, string text, int line, params ReadOnlySpan<(string, string)> labels)
        {
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                Put(metric, value, LabelSet.Of(labels));
            else if (text.Length > 0)
                Refused.Add($"line {line}: '{text}' is not a number");
        }

        public void State(string metric, string code, string status, params ReadOnlySpan<(string, string)> labels)
        {
            // An empty slot has no status.
            if (status.Length == 0)
                return;
            var of = LabelSet.Of(labels);
            Put(metric, 1, of.With("status", status));
            if (status == "OK")
                return;
            var words = $"{metric.Replace("infiniband_switch_", "", StringComparison.Ordinal)} {of} is {status}";
            Events.Add(new TelemetryEvent
            {
                At = at,
                Source = EventSource.InfiniBand,
                Code = code,
                Severity = EventSeverity.Warning,
                Raw = words,
                Labels = LabelSet.Of(("switch", guid)),
                Fields = LabelSet.Of(("message", words)),
                DedupeKey = $"{code}|{guid}|{words}",
            });
        }
    }

    [GeneratedRegex(@"^PSU(?<psu>\d+) status$", RegexOptions.CultureInvariant)]
    private static partial Regex Supply();

    [GeneratedRegex(@"^fan#(?<fan>\d+) \(rpm\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Fan();

    [GeneratedRegex(@"^(?<d>\d{1,6})d-(?<h>\d{1,2}):(?<m>\d{1,2}):(?<s>\d{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Uptime();
}
