using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class KernelLogReaderTests
{
    private const string OffBus = "NVRM: Xid (PCI:0000:b3:00): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus.";
    private static readonly DateTimeOffset Boot = World.Start.AddHours(-1);

    private readonly World _world = new();

    [Fact]
    public void Read_XidAfterItsMapLine_CarriesNodeAddressUuidAndBoot()
    {
        const string uuid = "GPU-b6c3b2be-c55b-d076-fa0e-d464e4c7e08b";
        var line = $"3,12,3600000000,-;{OffBus}";

        Read([$"6,11,5000000,-;NVRM: GPU at PCI:0000:B3:00: {uuid}", line]);

        Assert.Equal(
            [
                new TelemetryEvent
                {
                    At = World.Start,
                    Source = EventSource.Kmsg,
                    Code = "xid:79",
                    Raw = line,
                    Severity = EventSeverity.HardwareFatal,
                    Labels = LabelSet.Of(("node", "node-003"), ("pci_bus_id", "0000:b3:00.0"), ("UUID", uuid)),
                    Fields = LabelSet.Of(("message", "GPU has fallen off the bus.")),
                    BootId = "boot-1",
                    DedupeKey = "xid:79|node-003|0000:b3:00.0||",
                },
            ],
            _world.Events);
    }

    [Theory]
    [InlineData("3,12,3600000000,-;{0}")]
    [InlineData("<3>[3600.000000] {0}")]
    [InlineData("[ 3600.000000] {0}")]
    [InlineData("[Sun Mar  1 12:00:00 2026] {0}")]
    [InlineData("kern  :warn  : 2026-03-01T12:00:00,000000+00:00 {0}")]
    [InlineData("Mar  1 12:00:00 node-003 kernel: [3600.000000] {0}")]
    [InlineData("2026-03-01T13:00:00.000000+01:00 node-003 kernel: {0}")]
    [InlineData("2026-03-01T12:00:00+0000 node-003 kernel: {0}")]
    [InlineData("kernel: [3600.000000] {0}")]
    public void Read_AnyWrapper_IsStrippedAndItsTimeRead(string wrapper)
    {
        Read([string.Format(System.Globalization.CultureInfo.InvariantCulture, wrapper, OffBus)]);

        var read = Assert.Single(_world.Events);
        Assert.Equal(("xid:79", World.Start, "0000:b3:00.0"), (read.Code, read.At, read.Labels["pci_bus_id"]));
    }

    [Theory]
    [InlineData("NVRM: Xid (PCI:0000:3b:00): 999, pid=12, name=a/b:[c], new text", "xid:999 Warning message=new text name=a/b:[c] pid=12")]
    [InlineData("NVRM: Xid (PCI:0000:3b:00): 45, pid=12, name=x, Ch 00000008 caused by previous Xid 149", "xid:45 Warning message=Ch 00000008 name=x pid=12 previous_xid=149")]
    [InlineData("NVRM: Xid (PCI:0000:3b:00 GPU-I:05 GPU-CI:00): 94, Contained: CE User Channel", "xid:94 Warning compute_instance=00 gpu_instance=05 message=Contained: CE User Channel")]
    [InlineData("NVRM: Xid (PCI:0000:3b:00): 63", "xid:63 Warning ")]
    [InlineData("nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Non-fatal, Link 32 egress non-posted PRIV error", "sxid:12028 Warning link=32 message=egress non-posted PRIV error switch=nvswitch3")]
    [InlineData("nvidia-nvswitch0: SXid (PCI:0000:05:00.0): 20034, Fatal, Link 30 LTSSM Fault Up", "sxid:20034 HardwareFatal link=30 message=LTSSM Fault Up switch=nvswitch0")]
    public void Read_XidShapes_GiveCodeSeverityAndFields(string line, string expected)
    {
        Read([line]);

        var read = Assert.Single(_world.Events);
        Assert.Equal(expected, $"{read.Code} {read.Severity} {string.Join(' ', read.Fields.Select(field => $"{field.Key}={field.Value}"))}");
    }

    [Theory]
    [InlineData("mlx5_core 0000:5e:00.0: mlx5_2: Link down", "mlx5:link_down", "mlx5_2", "0000:5e:00.0")]
    [InlineData("mlx5_core 0000:5e:00.0 ens15np0: Link up", "mlx5:link_up", "", "0000:5e:00.0")]
    [InlineData("mlx5_core 0000:03:00.0: wait_func:964:(pid 112): ENABLE_HCA(0x104) timeout. Will cause a leak of a command resource", "mlx5:command_timeout", "", "0000:03:00.0")]
    [InlineData("mlx5_core 0000:d2:00.0: poll_health:174: device's health compromised - reached miss count.", "mlx5:health_compromised", "", "0000:d2:00.0")]
    [InlineData("mlx5_core: INFO: synd 0x8: unrecoverable hardware error.", "mlx5:unrecoverable", "", "")]
    [InlineData("NETDEV WATCHDOG: eth0 (mlx5_core): transmit queue 3 timed out", "mlx5:tx_timeout", "", "")]
    [InlineData("mlx5_core 0000:65:00.0 eth0: NETDEV WATCHDOG: CPU: 1: transmit queue 3 timed out 5 ms", "mlx5:tx_timeout", "", "0000:65:00.0")]
    [InlineData("mlx5_core 0000:12:00.0: Port module event: module 0, Cable unplugged", "mlx5:cable_unplugged", "", "0000:12:00.0")]
    [InlineData("python[2536443]: segfault at 7f79 ip 00007 sp 00007 error 4 in libnccl.so.2[7f7c+d3]", "nccl:segfault", "", "")]
    [InlineData("Memory cgroup out of memory: Killed process 4242 (python) total-vm:1kB", "oom:killed", "", "")]
    [InlineData("pcieport 0000:17:01.0: AER: Uncorrected (Non-Fatal) error received: 0000:18:00.0", "aer:uncorrected", "", "0000:18:00.0")]
    [InlineData("pcieport 0000:17:01.0: AER: Corrected error received: 0000:18:00.0", "aer:corrected", "", "0000:18:00.0")]
    [InlineData("Linux version 6.8.0-40-generic (buildd@host)", "kernel:boot", "", "")]
    public void Read_DeviceLine_GivesItsCode(string line, string code, string device, string pci)
    {
        Read([line]);

        var read = Assert.Single(_world.Events);
        Assert.Equal((code, device, pci), (read.Code, read.Labels["device"], read.Labels["pci_bus_id"]));
    }

    [Theory]
    [InlineData("mlx5_cmd_out_err:838: ACCESS_REG(0x805) op_mod(0x1) failed, status bad operation(0x2)")]
    [InlineData("nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Severity 1 Engine instance 32 Sub-engine instance 00")]
    [InlineData("nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 12028, Data {0x0000, 0x1}")]
    [InlineData("NVRM: Xid (PCI:0000:b3")]
    [InlineData("")]
    public void Read_NoiseContinuationOrCutLine_GivesNothing(string line)
    {
        Read([line]);

        Assert.Empty(_world.Events);
    }

    [Fact]
    public void Read_LostGpuToldOverThreeLinesWithoutXid_IsXid79Once()
    {
        Read(["NVRM: The NVIDIA GPU 0000:b3:00.0", "NVRM: (PCI ID: 10de:2330) installed in this system has", "NVRM: fallen off the bus and is not responding to commands.", OffBus]);

        Assert.Equal(["xid:79 0000:b3:00.0"], _world.Events.Select(read => $"{read.Code} {read.Labels["pci_bus_id"]}"));
    }

    [Fact]
    public void Read_RepeatsWithinFiveSeconds_AreOneEventPerGpuAndCode()
    {
        string Line(double seconds, string pci, int xid) =>
            FormattableString.Invariant($"3,1,{(long)(seconds * 1_000_000)},-;NVRM: Xid (PCI:{pci}): {xid}, pid=1, name=a, text");

        Read([Line(3590, "0000:3b:00", 95), Line(3591, "0000:3b:00", 95), Line(3591, "0000:3c:00", 95), Line(3592, "0000:3b:00", 48), Line(3595.5, "0000:3b:00", 95)]);

        Assert.Equal(
            ["xid:95 0000:3b:00.0", "xid:95 0000:3c:00.0", "xid:48 0000:3b:00.0", "xid:95 0000:3b:00.0"],
            _world.Events.Select(read => $"{read.Code} {read.Labels["pci_bus_id"]}"));
    }

    [Fact]
    public void Read_FlappingLink_KeepsEveryChange()
    {
        string Line(int second, string state) => $"4,1,{3590 + second}000000,-;mlx5_core 0000:5e:00.0: mlx5_2: Link {state}";

        Read([Line(0, "down"), Line(0, "down"), Line(1, "up"), Line(2, "down"), Line(3, "up")]);

        Assert.Equal(
            ["mlx5:link_down", "mlx5:link_up", "mlx5:link_down", "mlx5:link_up"], _world.Events.Select(read => read.Code));
    }

    [Fact]
    public void Read_RecoveryActionThatChangesAgain_IsKeptBothTimes()
    {
        string Line(string to) => $"NVRM: Xid (PCI:0008:01:00): 154, GPU recovery action changed from 0x0 (None) to {to}";

        Read([Line("0x4 (Drain and Reset)"), Line("0x1 (GPU Reset Required)")]);

        Assert.Equal(["4 Drain and Reset", "1 GPU Reset Required"],
            _world.Events.Select(read => $"{read.Fields["recovery_action"]} {read.Fields["recovery_to"]}"));
    }

    [Fact]
    public void Read_ClockSkew_ClampsTheFutureAndDropsTheStale()
    {
        Read(["3,1,9999000000,-;" + OffBus, "3,2,60000000,-;" + OffBus.Replace("b3", "b4", StringComparison.Ordinal)]);

        var read = Assert.Single(_world.Events);
        Assert.Equal((World.Start, "0000:b3:00.0"), (read.At, read.Labels["pci_bus_id"]));
    }

    [Theory]
    [InlineData("Mar  1 20:00:00 node-003 kernel: ")]
    [InlineData("[Sun Mar  1 20:00:00 2026] ")]
    [InlineData("2026-03-01T12:00:00+0000 node-003 kernel: ")]
    public void Read_TimeWithoutAZone_IsReadInTheZoneOfTheLogs(string wrapper)
    {
        new KernelLogReader("node-003", _world, new TailOptions { LogZone = TimeSpan.FromHours(8) }).Read(wrapper + OffBus, World.Start);

        Assert.Equal(World.Start, Assert.Single(_world.Events).At);
    }

    [Fact]
    public void Read_LineOfDecemberInJanuary_IsOfLastYear()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 2, TimeSpan.Zero);
        new KernelLogReader("", _world, new TailOptions()).Read("Dec 31 23:59:59 node-9 kernel: " + OffBus, now);

        var read = Assert.Single(_world.Events);
        Assert.Equal((now.AddSeconds(-3), "node-9"), (read.At, read.Labels["node"]));
    }

    [Fact]
    public void Read_PublishedXidLines_AreAllUnderstood()
    {
        var lines = File.ReadAllLines(Path.Combine(World.SharedData("samples", "xid_lines"), "lines.txt"));
        var missed = lines.Where(line => line.Contains("Xid (", StringComparison.Ordinal) && line.Contains("NVRM", StringComparison.Ordinal))
            .Where(line => !new KernelLogReader("n", _world, new TailOptions()).Read(line, World.Start));

        Assert.Empty(missed);
    }

    [Property(MaxTest = 500)]
    public Property Read_DamagedLines_NeverThrows() => Prop.ForAll(
        Gen.Elements(
            "6,3973,227996636,-;" + OffBus, "[Sun Feb 23 16:24:18 2025] " + OffBus, "Feb 30 16:24:18 h kernel: [1.5] " + OffBus,
            "2025-01-21T04:41:44,285060+00:00 h kernel: mlx5_core 0000:5e:00.0: mlx5_2: Link down",
            "nvidia-nvswitch0: SXid (PCI:0000:05:00.0): 20034, Fatal, Link 30 LTSSM", "1,2,3,-;a\\x41\\xff b").ArbMapDamage(),
        line =>
        {
            var before = _world.Events.Count;
            var told = new KernelLogReader("n", _world, new TailOptions()).Read(line, World.Start);
            return told || _world.Events.Count == before;
        });

    private void Read(string[] lines) => new KernelLogReader("node-003", _world, new TailOptions()).Read(
        new TailRead(null, lines) { BootId = "boot-1", BootTime = Boot }, World.Start);
}
