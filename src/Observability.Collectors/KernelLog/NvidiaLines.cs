using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Lines of NVIDIA's drivers:
/// <code>
/// NVRM: Xid (PCI:0000:b3:00): 79, pid='&lt;unknown&gt;', name=&lt;unknown&gt;, GPU has fallen off the bus.
/// NVRM: Xid (PCI:0000:3b:00 GPU-I:05 GPU-CI:00): 94, pid=7, name=ray::Worker, Contained: CE User Channel (0x9). …
/// NVRM: Xid (PCI:0008:01:00): 154, GPU recovery action changed from 0x0 (None) to 0x1 (GPU Reset Required)
/// nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Non-fatal, Link 32 egress non-posted PRIV error
/// detected NVSwitch non-fatal error 12028 on fid 0 on NVSwitch pci bus id 00000000:86:00.0 physical id 3 port 61   fabricmanager.log
/// NVRM: GPU 0000:18:00.0: RmInitAdapter failed! (0x62:0x40:2477)
/// NVRM: GPU at PCI:0000:91:00: GPU-b6c3b2be-…                    the address of a UUID, once per boot
/// NVRM: The NVIDIA GPU 0000:b3:00.0                              without any Xid, over three lines
/// NVRM: (PCI ID: 10de:2330) installed in this system has
/// NVRM: fallen off the bus and is not responding to commands.
/// </code>
/// </summary>
internal static partial class NvidiaLines
{
    /// <summary>Texts without which no line is one of these.</summary>
    public static IEnumerable<string> Anchors => ["NVRM:", "SXid", "NVSwitch"];

    public static KernelFinding? Read(string message)
    {
        if (Xid().Match(message) is { Success: true } xid)
            return OfXid(xid);
        if (SXid().Match(message) is { Success: true } sxid)
            return OfSXid(sxid);
        if (OffBus().Match(message) is { Success: true } off)
            return FallenOff(off.Groups["pci"].Value);
        if (FabricManager().Match(message) is { Success: true } fabric)
            return OfFabricManager(fabric);
        if (InitFailed().Match(message) is { Success: true } init)
        {
            return new KernelFinding(EventSource.Kmsg, "nvidia:init_failed", EventSeverity.HardwareFatal)
            {
                PciBusId = PciAddress.Normalise(init.Groups["pci"].Value),
                Fields = LabelSet.Of(("message", init.Groups["msg"].Value)),
            };
        }

        return message.Contains("nvidia-peermem", StringComparison.Ordinal)
            && message.Contains("ERROR detected invalid context", StringComparison.Ordinal)
            ? new KernelFinding(EventSource.Kmsg, "nvidia_peermem:invalid_context", EventSeverity.Warning)
            : null;
    }

    /// <summary>The GPU that left the bus without an Xid; it counts as Xid 79.</summary>
    public static KernelFinding FallenOff(string pci) => new(EventSource.Kmsg, "xid:79", EventSeverity.HardwareFatal)
    {
        PciBusId = PciAddress.Normalise(pci),
        Fields = LabelSet.Of(("message", "fallen off the bus, told without an Xid")),
    };

    public static bool TryMap(string message, out string pci, out string uuid)
    {
        var match = Map().Match(message);
        (pci, uuid) = match.Success ? (PciAddress.Normalise(match.Groups["pci"].Value), match.Groups["uuid"].Value) : ("", "");
        return match.Success;
    }

    /// <summary>The address in the first of the lines that tell of a GPU lost without an Xid; empty for any other line.</summary>
    public static string BeginsFall(string message) =>
        BeginsOffBus().Match(message) is { Success: true } begin ? begin.Groups["pci"].Value : "";

    public static bool EndsFall(string message) =>
        message.StartsWith("NVRM:", StringComparison.Ordinal) && message.Contains("fallen off the bus", StringComparison.Ordinal);

    private static KernelFinding OfXid(Match match)
    {
        var code = int.Parse(match.Groups["xid"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var message = match.Groups["msg"].Value;
        var fields = new List<KeyValuePair<string, string>>();
        Add(fields, "pid", Known(match.Groups["pid"].Value));
        Add(fields, "name", Known(match.Groups["name"].Value));
        Add(fields, "message", message);
        Add(fields, "previous_xid", match.Groups["prev"].Value);
        Add(fields, "gpu_instance", match.Groups["gi"].Value);
        Add(fields, "compute_instance", match.Groups["ci"].Value);
        var (subject, fatal) = AddParts(code, message, fields);
        return new KernelFinding(EventSource.Kmsg, $"xid:{code}", SeverityOf(code, fatal))
        {
            PciBusId = PciAddress.Normalise(match.Groups["pci"].Value),
            Fields = LabelSet.From(fields),
            Subject = $"{match.Groups["gi"].Value}{subject}",
        };
    }

    // Sub-fields that decide what to do about a code (facts of NVIDIA's catalogue): they are also what makes two events two.
    private static (string Subject, bool Fatal) AddParts(int code, string message, List<KeyValuePair<string, string>> fields)
    {
        if (code == 154 && Recovery().Matches(message) is { Count: > 0 } actions)
        {
            var last = actions[^1];
            Add(fields, "recovery_from", last.Groups["fromtxt"].Value);
            Add(fields, "recovery_to", last.Groups["totxt"].Value);
            Add(fields, "recovery_action", last.Groups["to"].Value);
            return (last.Groups["to"].Value, false);
        }

        if (code == 13 && Sm().Match(message) is { Success: true } sm)
        {
            Add(fields, "gpc", sm.Groups["gpc"].Value);
            Add(fields, "tpc", sm.Groups["tpc"].Value);
            Add(fields, "sm", sm.Groups["sm"].Value);
            Add(fields, "what", sm.Groups["what"].Value);
            return ($"{sm.Groups["gpc"].Value}/{sm.Groups["tpc"].Value}", false);
        }

        if (code == 74 && NvLink().Match(message) is { Success: true } link)
        {
            Add(fields, "link", link.Groups["link"].Value);
            Add(fields, "registers", link.Groups["r"].Value);
            Add(fields, "register_meaning", NvLink4Decode.Meaning(link.Groups["r"].Value));
            return (link.Groups["link"].Value, false);
        }

        if (code is < 144 or > 150 || NvLink5().Match(message) is not { Success: true } unit)
            return ("", false);
        Add(fields, "unit", unit.Groups["unit"].Value);
        Add(fields, "link_severity", unit.Groups["sev"].Value);
        Add(fields, "link", unit.Groups["link"].Value);
        Add(fields, "words", unit.Groups["words"].Value);
        Add(fields, "injected", unit.Groups["inj"].Value == "1" ? "yes" : "");
        Add(fields, "cross_contained", unit.Groups["xc"].Value == "1" ? "yes" : "");
        var (decoded, resolution, reason) = NvLink5Decode.Of(code, unit.Groups["words"].Value);
        Add(fields, "decoded_unit", decoded);
        Add(fields, "resolution", resolution);
        Add(fields, "link_down_reason", reason);
        return ($"{unit.Groups["unit"].Value}/{unit.Groups["link"].Value}", unit.Groups["sev"].Value == "Fatal");
    }

    // By the line's own words only: "fallen off the bus" and "Fatal". The fault catalogue has the last word on every code.
    private static EventSeverity SeverityOf(int code, bool fatal) =>
        fatal || code == 79 ? EventSeverity.HardwareFatal : EventSeverity.Warning;

    private static KernelFinding? OfSXid(Match match)
    {
        var severity = match.Groups["sev"].Value;
        var message = match.Groups["msg"].Value;
        // "Severity 1 Engine instance …" and "Data {0x…}" continue the SXid of the line before.
        if (severity.Length == 0 && SXidContinued().IsMatch(message))
            return null;
        var fields = new List<KeyValuePair<string, string>>();
        Add(fields, "switch", $"nvswitch{match.Groups["n"].Value}");
        Add(fields, "link", match.Groups["link"].Value);
        Add(fields, "message", message);
        var code = match.Groups["sx"].ValueSpan.TrimStart('0');
        return new KernelFinding(
            EventSource.FabricManager, $"sxid:{(code.Length == 0 ? "0" : code)}",
            severity == "Fatal" ? EventSeverity.HardwareFatal : EventSeverity.Warning)
        {
            PciBusId = PciAddress.Normalise(match.Groups["pci"].Value),
            Fields = LabelSet.From(fields),
            Subject = match.Groups["link"].Value,
        };
    }

    // The fabric manager repeats what the kernel logged: the same code, switch and link fold into one.
    private static KernelFinding OfFabricManager(Match match)
    {
        var fatal = match.Groups["non"].Length == 0;
        return new KernelFinding(
            EventSource.FabricManager, $"sxid:{match.Groups["sx"].ValueSpan.TrimStart('0')}", fatal ? EventSeverity.HardwareFatal : EventSeverity.Warning)
        {
            PciBusId = PciAddress.Normalise(match.Groups["pci"].Value),
            Fields = LabelSet.Of(("link", match.Groups["link"].Value), ("physical_id", match.Groups["phys"].Value), ("message", match.Value)),
            Subject = match.Groups["link"].Value,
        };
    }

    private static string Known(string value) => value.Contains("unknown", StringComparison.Ordinal) ? "" : value;

    private static void Add(List<KeyValuePair<string, string>> fields, string name, string value) => fields.Add(new(name, value));

    [GeneratedRegex(@"NVRM: Xid \((?:PCI:)?(?<pci>[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\.\d)?)(?: GPU-I:(?<gi>\d+))?(?: GPU-CI:(?<ci>\d+))?\): ?(?<xid>\d{1,6})(?!\d)(?:, pid=(?<pid>\d+|'?`?<unknown>`?'?))?(?:, name=(?<name>[^,]*))?(?:, (?<msg>.*?))?(?: caused by previous Xid (?<prev>\d+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Xid();

    [GeneratedRegex(@"nvidia-nvswitch(?<n>\d+): SXid \(PCI:(?<pci>[0-9a-fA-F:.]+)\): (?<sx>\d{5}), (?:(?<sev>Fatal|Non-fatal)\b,? ?)?(?:Link (?<link>\d+) )?(?<msg>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex SXid();

    [GeneratedRegex(@"detected NVSwitch (?<non>non-)?fatal error (?<sx>\d{4,6}) on fid \d+ on NVSwitch pci bus id (?<pci>[0-9a-fA-F:.]+) physical id (?<phys>\d+) port (?<link>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex FabricManager();

    [GeneratedRegex(@"NVRM: GPU (?<pci>[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.\d): (?<msg>RmInitAdapter failed!.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex InitFailed();

    [GeneratedRegex(@"^(?:Severity \d+ Engine instance|Data \{)", RegexOptions.CultureInvariant)]
    private static partial Regex SXidContinued();

    [GeneratedRegex(@"(?<unit>[A-Z0-9_]+(?:/[A-Z0-9_]+)?)\s+(?<sev>Fatal|Nonfatal)\s+XC(?<xc>[01])\s+i(?<inj>\d)(?:\s+Link\s+(?<link>-?\d+))?(?:\s+\((?<words>0x[0-9a-fA-F]+(?:\s+0x[0-9a-fA-F]+)*)\)?)?", RegexOptions.CultureInvariant)]
    private static partial Regex NvLink5();

    [GeneratedRegex(@"GPU recovery action changed from 0x(?<from>[0-9a-fA-F]+) \((?<fromtxt>[^)]*)\) to 0x(?<to>[0-9a-fA-F]+) \((?<totxt>[^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Recovery();

    [GeneratedRegex(@"link (?<link>\d+) ?\((?<r>0x[0-9a-fA-F]+(?:, ?0x[0-9a-fA-F]+){6})\)", RegexOptions.CultureInvariant)]
    private static partial Regex NvLink();

    [GeneratedRegex(@"\(GPC (?<gpc>\d+), TPC (?<tpc>\d+), SM (?<sm>\d+)\): (?<what>.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Sm();

    [GeneratedRegex(@"NVRM: GPU at PCI:(?<pci>[0-9a-fA-F:.]+): (?<uuid>GPU-[0-9a-fA-F-]{36})", RegexOptions.CultureInvariant)]
    private static partial Regex Map();

    [GeneratedRegex(@"NVRM:\s+(?:The NVIDIA )?GPU (?<pci>(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.0)[\s\S]*?fallen off the bus", RegexOptions.CultureInvariant)]
    private static partial Regex OffBus();

    [GeneratedRegex(@"NVRM:\s+(?:The NVIDIA )?GPU (?<pci>(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.0)\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex BeginsOffBus();
}
