using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Lines of the Mellanox driver, the PCIe bus and the kernel itself. The table is read in order and the first match counts:
/// <code>
/// mlx5_core 0000:03:00.0: wait_func:964:(pid 112): ENABLE_HCA(0x104) timeout. Will cause a leak of a command resource
/// mlx5_core 0000:d2:00.0: poll_health:174: device's health compromised - reached miss count.
/// mlx5_core 0000:12:00.0: Port module event: module 0, Cable unplugged
/// mlx5_core 0000:5e:00.0: mlx5_2: Link down
/// pcieport 0000:17:01.0: AER: Uncorrected (Non-Fatal) error received: 0000:18:00.0
/// Memory cgroup out of memory: Killed process 4242 (python) total-vm:…
/// EDAC MC0: 1 UE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0 (channel:0 slot:0 …)
/// mce: [Hardware Error]: CPU 12: Machine Check Exception: 5 Bank 7: be00000000800400
/// INFO: task python:2314 blocked for more than 122 seconds.
/// pcieport 0000:40:01.1: pciehp: Slot(5): Link Down
/// </code>
/// </summary>
internal static partial class DeviceLines
{
    private const EventSeverity Fatal = EventSeverity.HardwareFatal;
    private const EventSeverity Warning = EventSeverity.Warning;

    // ACCESS_REG failures are noise: reading sysfs counters of restricted functions causes them.
    private static readonly KernelPattern[] Table =
    [
        new("mlx5_core", LeakedCommand(), EventSource.Mlx5, "mlx5:command_timeout", Fatal),
        new("mlx5_core", HealthCompromised(), EventSource.Mlx5, "mlx5:health_compromised", Fatal),
        new("mlx5_core", Unrecoverable(), EventSource.Mlx5, "mlx5:unrecoverable", Fatal),
        new("NETDEV WATCHDOG", TransmitTimedOut(), EventSource.Mlx5, "mlx5:tx_timeout", Warning),
        new("mlx5_core", TxTimeout(), EventSource.Mlx5, "mlx5:tx_timeout", Warning),
        new("mlx5_core", RxTimeout(), EventSource.Mlx5, "mlx5:rx_timeout", Warning),
        new("mlx5_core", Power(), EventSource.Mlx5, "mlx5:insufficient_power", Warning),
        new("mlx5_core", HighTemperature(), EventSource.Mlx5, "mlx5:high_temperature", Warning),
        new("mlx5_core", Unplugged(), EventSource.Mlx5, "mlx5:cable_unplugged", Warning),
        new("mlx5_core", LinkDown(), EventSource.Mlx5, "mlx5:link_down", Warning) { Opposite = "mlx5:link_up" },
        new("mlx5_core", LinkUp(), EventSource.Mlx5, "mlx5:link_up", EventSeverity.Info) { Opposite = "mlx5:link_down" },
        new("segfault", NcclSegfault(), EventSource.Nccl, "nccl:segfault", EventSeverity.Application),
        new("soft lockup", SoftLockup(), EventSource.Kmsg, "kernel:soft_lockup", Warning),
        new("ut of memory: Kill", Killed(), EventSource.Kmsg, "oom:killed", EventSeverity.Application),
        new("AER:", AerUncorrected(), EventSource.Kmsg, "aer:uncorrected", Warning),
        new("AER:", AerCorrected(), EventSource.Kmsg, "aer:corrected", EventSeverity.Info),
        new("EDAC ", EdacUncorrected(), EventSource.Kmsg, "edac:uncorrected", EventSeverity.HardwareFatal),
        new("EDAC ", EdacCorrected(), EventSource.Kmsg, "edac:corrected", EventSeverity.Info),
        new("[Hardware Error]", MachineCheck(), EventSource.Kmsg, "mce:exception", EventSeverity.HardwareFatal),
        new("Machine check events logged", MachineCheckLogged(), EventSource.Kmsg, "mce:logged", EventSeverity.Info),
        new("blocked for more than", HungTask(), EventSource.Kmsg, "kernel:hung_task", Warning),
        new("pciehp:", SlotDown(), EventSource.Kmsg, "pcie:link_down", Warning),
        new("Linux version ", Boot(), EventSource.Kmsg, "kernel:boot", EventSeverity.Info),
        new("reboot: ", Restarting(), EventSource.Kmsg, "kernel:reboot", EventSeverity.Info),
    ];

    /// <summary>Texts without which no line is one of these.</summary>
    public static IEnumerable<string> Anchors => Table.Select(row => row.Contains).Distinct(StringComparer.Ordinal);

    public static KernelFinding? Read(string message)
    {
        foreach (var row in Table)
        {
            if (message.Contains(row.Contains, StringComparison.Ordinal) && row.Regex.Match(message) is { Success: true } match)
                return Of(row, match, message);
        }

        return null;
    }

    /// <summary>A frame that proves, after a soft lockup, that the NIC's driver is wedged. Frames with '?' are guesses.</summary>
    public static bool IsWedgedFrame(string message) => WedgedFrame().IsMatch(message);

    private static KernelFinding Of(KernelPattern row, Match match, string message)
    {
        var fields = new List<KeyValuePair<string, string>> { new("message", message) };
        foreach (var group in match.Groups.Values)
        {
            if (group is { Success: true, Name: "pid" or "name" or "watts" or "cpu" or "seconds" or "severity" or "count" or "dimm" or "bank" or "slot" })
                fields.Add(new(group.Name, group.Value));
        }

        var pci = match.Groups["pci"] is { Success: true } own ? own.Value : Address().Match(message).Groups["pci"].Value;
        return new KernelFinding(row.Source, row.Code, row.Severity)
        {
            PciBusId = PciAddress.Normalise(pci),
            Device = match.Groups["dev"].Value,
            Fields = LabelSet.From(fields),
            Subject = match.Groups["pid"].Value,
            Opposite = row.Opposite,
        };
    }

    [GeneratedRegex(@"(?<pci>[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}\.[0-7])", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"mlx5_core.*timeout\. Will cause a leak of a command resource", RegexOptions.CultureInvariant)]
    private static partial Regex LeakedCommand();

    [GeneratedRegex(@"mlx5_core.*device's health compromised.*reached miss count", RegexOptions.CultureInvariant)]
    private static partial Regex HealthCompromised();

    [GeneratedRegex(@"mlx5_core.*unrecoverable hardware error", RegexOptions.CultureInvariant)]
    private static partial Regex Unrecoverable();

    [GeneratedRegex(@"(?:NETDEV WATCHDOG.*mlx5_core|mlx5_core.*NETDEV WATCHDOG).*transmit queue.*timed out", RegexOptions.CultureInvariant)]
    private static partial Regex TransmitTimedOut();

    [GeneratedRegex(@"mlx5_core.*TX timeout detected", RegexOptions.CultureInvariant)]
    private static partial Regex TxTimeout();

    [GeneratedRegex(@"mlx5_core.*RX timeout on channel", RegexOptions.CultureInvariant)]
    private static partial Regex RxTimeout();

    [GeneratedRegex(@"Detected insufficient power on the PCIe slot \((?<watts>[0-9]+)W\)", RegexOptions.CultureInvariant)]
    private static partial Regex Power();

    [GeneratedRegex(@"Port module event.*High Temperature", RegexOptions.CultureInvariant)]
    private static partial Regex HighTemperature();

    [GeneratedRegex(@"Port module event.*Cable unplugged", RegexOptions.CultureInvariant)]
    private static partial Regex Unplugged();

    [GeneratedRegex(@"mlx5_core\s+(?<pci>[0-9a-fA-F:.]+?):?\s+(?:(?<dev>mlx5_\w+)|[\w.-]+):?\s+Link (?:is )?[Dd]own", RegexOptions.CultureInvariant)]
    private static partial Regex LinkDown();

    [GeneratedRegex(@"mlx5_core\s+(?<pci>[0-9a-fA-F:.]+?):?\s+(?:(?<dev>mlx5_\w+)|[\w.-]+):?\s+Link (?:is )?[Uu]p", RegexOptions.CultureInvariant)]
    private static partial Regex LinkUp();

    [GeneratedRegex(@"(?<name>\S+)\[(?<pid>\d+)\]: segfault at.*in libnccl\.so", RegexOptions.CultureInvariant)]
    private static partial Regex NcclSegfault();

    [GeneratedRegex(@"BUG: soft lockup - CPU#(?<cpu>\d+) stuck for (?<seconds>\d+)s", RegexOptions.CultureInvariant)]
    private static partial Regex SoftLockup();

    [GeneratedRegex(@"^(?!.*\? mlx5e_).*mlx5e_(?:poll_ico_cq|napi_poll)\+0x", RegexOptions.CultureInvariant)]
    private static partial Regex WedgedFrame();

    [GeneratedRegex(@"[Oo]ut of memory: Kill(?:ed)? process (?<pid>\d+)(?:, UID \d+,)? \((?<name>[^)]*)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Killed();

    [GeneratedRegex(@"AER: (?:Multiple )?Uncorrected \((?<severity>Fatal|Non-Fatal)\) error (?:message )?received(?:: (?:from )?(?<pci>[0-9a-fA-F:.]+))?", RegexOptions.CultureInvariant)]
    private static partial Regex AerUncorrected();

    [GeneratedRegex(@"AER: (?:Multiple )?Corrected error (?:message )?received(?:: (?:from )?(?<pci>[0-9a-fA-F:.]+))?", RegexOptions.CultureInvariant)]
    private static partial Regex AerCorrected();

    [GeneratedRegex(@"EDAC \S+: (?<count>\d+) UE .*?(?: on (?<dimm>\S+))?(?: \(|$)", RegexOptions.CultureInvariant)]
    private static partial Regex EdacUncorrected();

    [GeneratedRegex(@"EDAC \S+: (?<count>\d+) CE .*?(?: on (?<dimm>\S+))?(?: \(|$)", RegexOptions.CultureInvariant)]
    private static partial Regex EdacCorrected();

    [GeneratedRegex(@"\[Hardware Error\]: CPU (?<cpu>\d+): Machine Check(?: Exception)?: .*?Bank (?<bank>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex MachineCheck();

    [GeneratedRegex(@"Machine check events logged", RegexOptions.CultureInvariant)]
    private static partial Regex MachineCheckLogged();

    [GeneratedRegex(@"INFO: task (?<name>.+):(?<pid>\d+) blocked for more than (?<seconds>\d+) seconds", RegexOptions.CultureInvariant)]
    private static partial Regex HungTask();

    [GeneratedRegex(@"pcieport (?<pci>[0-9a-fA-F:.]+?): pciehp: Slot\((?<slot>[^)]*)\): (?:Link Down|Card not present)", RegexOptions.CultureInvariant)]
    private static partial Regex SlotDown();

    [GeneratedRegex(@"^Linux version ", RegexOptions.CultureInvariant)]
    private static partial Regex Boot();

    [GeneratedRegex(@"^reboot: (?:Restarting system|Power down)", RegexOptions.CultureInvariant)]
    private static partial Regex Restarting();
}
