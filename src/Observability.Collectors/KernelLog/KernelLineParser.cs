using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Recognises what matters in a kernel line, whatever wraps it: <c>3,812,9912,-;NVRM: Xid (PCI:0000:b3:00): 79, pid=…</c>,
/// <c>[ 12.3] …</c>, <c>kern :warn : 2025-01-21T… …</c>, syslog, journald. Patterns: facts on telemetry, sections 3 and 16.
/// </summary>
public static partial class KernelLineParser
{
    private const int MaximumRaw = 4_096;

    /// <summary>The event of a line; null where the line is none.</summary>
    public static KernelFinding? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = Ansi().Replace(line, "").TrimEnd();
        if (text.Length > MaximumRaw)
            text = text[..MaximumRaw];
        return ParseXid(text) ?? ParseSxid(text) ?? ParseGpuMap(text) ?? ParseOffBus(text) ?? ParseOther(text);
    }

    private static KernelFinding? ParseXid(string text)
    {
        var match = Xid().Match(text);
        if (!match.Success)
            return null;
        var code = match.Groups["xid"].Value;
        var message = match.Groups["msg"].Value;
        var fields = LabelSet.Of(
            ("message", message), ("pid", match.Groups["pid"].Value), ("name", match.Groups["name"].Value), ("previous_xid", match.Groups["prev"].Value));
        if (RecoveryAction().Match(message) is { Success: true } recovery)
            fields = fields.With("recovery_action", recovery.Groups["totxt"].Value);
        return new KernelFinding($"xid:{code}", EventSource.Kmsg, LabelSet.Of(("pci_bus_id", match.Groups["pci"].Value)), fields, text);
    }

    private static KernelFinding? ParseSxid(string text)
    {
        var match = Sxid().Match(text);
        if (!match.Success)
            return null;
        var fields = LabelSet.Of(
            ("message", match.Groups["msg"].Value), ("severity", match.Groups["sev"].Value), ("link", match.Groups["link"].Value), ("nvswitch", match.Groups["n"].Value));
        return new KernelFinding($"sxid:{match.Groups["sx"].Value}", EventSource.FabricManager, LabelSet.Empty, fields, text);
    }

    private static KernelFinding? ParseGpuMap(string text)
    {
        var match = GpuMap().Match(text);
        return match.Success
            ? new KernelFinding("gpu:map", EventSource.Kmsg, LabelSet.Of(("pci_bus_id", match.Groups["pci"].Value), ("UUID", match.Groups["uuid"].Value)), LabelSet.Empty, text)
            : null;
    }

    // Without any Xid, in some drivers: the same fault as 79.
    private static KernelFinding? ParseOffBus(string text)
    {
        var match = OffBus().Match(text);
        return match.Success
            ? new KernelFinding("xid:79", EventSource.Kmsg, LabelSet.Of(("pci_bus_id", match.Groups["pci"].Value)), LabelSet.Of(("message", "fallen off the bus, without an Xid")), text)
            : null;
    }

    private static KernelFinding? ParseOther(string text)
    {
        foreach (var (code, pattern) in Others)
        {
            var match = pattern.Match(text);
            if (!match.Success)
                continue;
            var device = match.Groups["device"].Value;
            var pci = match.Groups["pci"].Value;
            return new KernelFinding(code, code.StartsWith("mlx5", StringComparison.Ordinal) ? EventSource.Mlx5 : EventSource.Kmsg,
                LabelSet.Of(("device", device), ("pci_bus_id", device.Length > 0 ? "" : pci)), LabelSet.Of(("message", match.Value)), text);
        }

        return null;
    }

    private static readonly (string Code, Regex Pattern)[] Others =
    [
        ("mlx5:link_down", LinkDown()),
        ("mlx5:link_up", LinkUp()),
        ("mlx5:command_timeout", CommandTimeout()),
        ("mlx5:health_compromised", HealthCompromised()),
        ("mlx5:unrecoverable", Unrecoverable()),
        ("mlx5:tx_timeout", TransmitTimeout()),
        ("mlx5:power", InsufficientPower()),
        ("mlx5:module", ModuleEvent()),
        ("pcie:aer", PcieError()),
        ("host:oom", OutOfMemory()),
        ("host:hung_task", HungTask()),
        ("host:soft_lockup", SoftLockup()),
        ("nccl:segfault", NcclSegfault()),
    ];

    [GeneratedRegex(@"\x1B\[[0-9;]*[A-Za-z]")]
    private static partial Regex Ansi();

    [GeneratedRegex(@"NVRM: Xid \((?:PCI:)?(?<pci>[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\.\d)?)(?: GPU-I:(?<gi>\d+))?(?: GPU-CI:(?<ci>\d+))?\): ?(?<xid>\d+)(?:, pid=(?<pid>\d+|'?`?<unknown>`?'?))?(?:, name=(?<name>[^,]*))?(?:, (?<msg>.*?))?(?: caused by previous Xid (?<prev>\d+))?$")]
    private static partial Regex Xid();

    [GeneratedRegex(@"nvidia-nvswitch(?<n>\d+): SXid \(PCI:(?<pci>[0-9a-fA-F:.]+)\): (?<sx>\d{5}), (?:(?<sev>Fatal|Non-fatal)\b,? ?)?(?:Link (?<link>\d+) )?(?<msg>.*)$")]
    private static partial Regex Sxid();

    [GeneratedRegex(@"GPU recovery action changed from 0x(?<from>[0-9a-fA-F]+) \((?<fromtxt>[^)]*)\) to 0x(?<to>[0-9a-fA-F]+) \((?<totxt>[^)]*)\)")]
    private static partial Regex RecoveryAction();

    [GeneratedRegex(@"NVRM: GPU at PCI:(?<pci>[0-9a-fA-F:.]+): (?<uuid>GPU-[0-9a-fA-F-]{36})")]
    private static partial Regex GpuMap();

    [GeneratedRegex(@"NVRM:\s+(?:The NVIDIA )?GPU (?<pci>(?:[0-9a-fA-F]{4}:)?[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.0).*?fallen off the bus")]
    private static partial Regex OffBus();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+)[: ]+(?:(?<device>mlx5_\d+)|[^:]*): Link down", RegexOptions.IgnoreCase)]
    private static partial Regex LinkDown();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+)[: ]+(?:(?<device>mlx5_\d+)|[^:]*): Link up", RegexOptions.IgnoreCase)]
    private static partial Regex LinkUp();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+).*timeout\. Will cause a leak of a command resource")]
    private static partial Regex CommandTimeout();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+).*device's health compromised.*reached miss count")]
    private static partial Regex HealthCompromised();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+).*unrecoverable hardware error")]
    private static partial Regex Unrecoverable();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+).*(?:TX timeout detected|RX timeout on channel|transmit queue.*timed out)")]
    private static partial Regex TransmitTimeout();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+).*Detected insufficient power on the PCIe slot \([0-9]+W\)")]
    private static partial Regex InsufficientPower();

    [GeneratedRegex(@"mlx5_core (?<pci>[0-9a-fA-F:.]+).*Port module event.*(?:High Temperature|Cable unplugged)")]
    private static partial Regex ModuleEvent();

    [GeneratedRegex(@"(?<pci>[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.\d): PCIe Bus Error: severity=\w+")]
    private static partial Regex PcieError();

    [GeneratedRegex(@"Out of memory: Killed process \d+ \([^)]*\)|oom-kill:constraint=")]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(@"INFO: task \S+ blocked for more than \d+ seconds")]
    private static partial Regex HungTask();

    [GeneratedRegex(@"BUG: soft lockup - CPU#\d+ stuck for \d+s")]
    private static partial Regex SoftLockup();

    [GeneratedRegex(@"segfault at.*in libnccl\.so")]
    private static partial Regex NcclSegfault();
}
