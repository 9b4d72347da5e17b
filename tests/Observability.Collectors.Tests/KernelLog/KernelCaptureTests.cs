namespace Observability.Collectors.Tests;

public sealed class KernelCaptureTests
{
    private readonly World _world = new();

    [Theory]
    [InlineData("kmsg")]
    [InlineData("journal")]
    [InlineData("syslog")]
    public void Capture_IsReadAsWrittenDown(string name) => Golden.Check("KernelLog", name, node: "");

    [Fact]
    public void EverySharedXidAndSxidLine_YieldsCodeAddressAndRow()
    {
        var file = Path.Combine(World.SharedData("samples", "xid_lines"), "lines.csv");
        var catalogue = Directory.GetFiles(Path.Combine(Testing.SharedData.RepositoryRoot(), "rules", "faults"), "*.yaml").Select(File.ReadAllText).ToArray();
        var wrong = new List<string>();
        var read = 0;
        foreach (var (kind, code, line) in Lines(File.ReadLines(file).Skip(1)))
        {
            if (kind is not ("xid" or "sxid"))
                continue;
            _world.Events.Clear();
            // Where only the line itself may speak, every moment is now.
            var reader = new KernelLogReader("n", _world, new TailOptions { StaleAfter = TimeSpan.FromDays(40_000), MaxAhead = TimeSpan.FromDays(40_000) });
            reader.Read(line, World.Start);
            read++;
            if (_world.Events.SingleOrDefault() is not { } found)
                wrong.Add(IsContinuation(line) ? "" : $"nothing from: {line}");
            else if (found.Code != $"{kind}:{code.TrimStart('0')}" || found.Labels["pci_bus_id"].Length < 12)
                wrong.Add($"{found.Code} {found.Labels["pci_bus_id"]} from: {line}");
            else if (!Array.Exists(catalogue, text => text.Contains($"code: {found.Code}\n", StringComparison.Ordinal) || text.Contains($"code: '{kind}:*'", StringComparison.Ordinal)))
                wrong.Add($"no row for {found.Code}");
            else if (System.Text.RegularExpressions.Regex.Match(line, @"pid='?(\d+)") is { Success: true } pid && found.Fields["pid"] != pid.Groups[1].Value)
                wrong.Add($"process '{found.Fields["pid"]}' from: {line}");
        }

        Assert.Equal([], wrong.Where(text => text.Length > 0));
        Assert.True(read > 140, $"only {read} lines");
    }

    [Fact]
    public void FabricManagersWord_AndTheKernels_AreOneEvent()
    {
        var reader = new KernelLogReader("n", _world, new TailOptions { StaleAfter = TimeSpan.FromDays(4_000) });

        reader.Read("[Feb 27 2026 15:10:02] [ERROR] [tid 12727] detected NVSwitch non-fatal error 12028 on fid 0 on NVSwitch pci bus id 00000000:86:00.0 physical id 3 port 61", World.Start);
        reader.Read("2026-02-27T15:10:01.000000+00:00 n kernel: nvidia-nvswitch3: SXid (PCI:0000:86:00.0): 12028, Non-fatal, Link 61 egress non-posted PRIV error", World.Start);

        Assert.Equal(["sxid:12028 0000:86:00.0 61"], _world.Events.Select(found => $"{found.Code} {found.Labels["pci_bus_id"]} {found.Fields["link"]}"));
        Assert.Equal(new DateTimeOffset(2026, 2, 27, 15, 10, 2, TimeSpan.Zero), _world.Events[0].At);
    }

    [Theory]
    [InlineData("EDAC MC0: 1 UE memory read error on CPU_SrcID#0_MC#0_Chan#0_DIMM#0 (channel:0 slot:0 page:0x0)", "edac:uncorrected HardwareFatal count=1 dimm=CPU_SrcID#0_MC#0_Chan#0_DIMM#0")]
    [InlineData("EDAC MC1: 5 CE memory scrubbing error on DIMM_B1 (channel:1 slot:0)", "edac:corrected Info count=5 dimm=DIMM_B1")]
    [InlineData("mce: [Hardware Error]: CPU 12: Machine Check Exception: 5 Bank 7: be00000000800400", "mce:exception HardwareFatal bank=7 cpu=12")]
    [InlineData("mce: [Hardware Error]: Machine check events logged", "mce:logged Info ")]
    [InlineData("INFO: task pt_data:worker:2314 blocked for more than 122 seconds.", "kernel:hung_task Warning name=pt_data:worker pid=2314 seconds=122")]
    [InlineData("Out of memory: Killed process 123, UID 48, (httpd).", "oom:killed Application name=httpd pid=123")]
    [InlineData("Out of memory: Kill process 456 (python) score 50 or sacrifice child", "oom:killed Application name=python pid=456")]
    [InlineData("pcieport 0000:40:01.1: pciehp: Slot(5): Link Down", "pcie:link_down Warning slot=5")]
    [InlineData("NVRM: GPU 0000:18:00.0: RmInitAdapter failed! (0x62:0x40:2477)", "nvidia:init_failed HardwareFatal ")]
    public void HostLine_GivesItsCodeAndParts(string line, string expected)
    {
        new KernelLogReader("n", _world, new TailOptions()).Read(line, World.Start);

        var found = Assert.Single(_world.Events);
        Assert.Equal(expected, $"{found.Code} {found.Severity} {string.Join(' ', found.Fields.Without("message").Select(field => $"{field.Key}={field.Value}"))}");
    }

    [Fact]
    public void SharedKernelLogs_HoldTheirFindings()
    {
        var files = RecordedTelemetry.Read(World.SharedData("samples", "kernel_logs"), new RecordedOptions { Start = World.Start })
            .Files.ToDictionary(file => file.Path, file => (file.Kind, file.Events));

        Assert.Equal(
            [("fabric-manager.fabricmanager.log", 1L), ("kmsg.kmsg.1.log", 0L), ("memory.dmesg.decode.iso.log", 20L), ("mlx5_lines.txt", 8L), ("nccl.dmesg.decode.iso.log", 2L), ("os.dmesg.decode.iso.log", 0L)],
            files.Where(file => file.Value.Kind == "log" && file.Key.EndsWith("README.md", StringComparison.Ordinal) is false).OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, file.Value.Events)));
    }

    private static bool IsContinuation(string line) =>
        System.Text.RegularExpressions.Regex.IsMatch(line, @"SXid \([^)]*\): \d{5}, (Severity \d|Data \{)");

    private static IEnumerable<(string Kind, string Code, string Line)> Lines(IEnumerable<string> rows)
    {
        foreach (var row in rows)
        {
            var cells = row.Split(',', 3);
            var rest = cells[2];
            var line = rest.StartsWith('"')
                ? rest[1..rest.LastIndexOf("\",", StringComparison.Ordinal)].Replace("\"\"", "\"", StringComparison.Ordinal)
                : rest.Split(',')[0];
            yield return (cells[0], cells[1], line);
        }
    }
}
