using System.Text.RegularExpressions;
using Observability.Model;
using Observability.Testing;

namespace Observability.Simulator.Tests;

/// <summary>The kernel log as <c>/dev/kmsg</c> gives it; expressions are those of facts on telemetry, section 16.</summary>
public sealed partial class KernelLogTests
{
    [Fact]
    public void Lines_HavePrioritySequenceAndMicrosecondsSinceBoot()
    {
        var log = new KernelLog(Fleets.Start);
        log.Write(Fleets.Start.AddSeconds(1.5), 6, "first");
        log.Write(Fleets.Start.AddSeconds(2), 3, "second");

        Assert.Equal("6,0,1500000,-;first\n3,1,2000000,-;second\n", log.After(-1));
        Assert.Equal("3,1,2000000,-;second\n", log.After(0));
        Assert.Equal("", log.After(1));
    }

    [Fact]
    public void Ring_BeyondItsCapacity_LosesTheOldestAndKeepsCounting()
    {
        var log = new KernelLog(Fleets.Start);
        for (var i = 0; i <= KernelLog.Capacity; i++)
            log.Write(Fleets.Start, 6, $"line {i}");

        var lines = log.After(-1).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((KernelLog.Capacity, "6,1,0,-;line 1", $"6,{KernelLog.Capacity},0,-;line {KernelLog.Capacity}"), (lines.Length, lines[0], lines[^1]));
    }

    [Fact]
    public void Boot_MapsEveryGpuToItsAddress()
    {
        var node = new SimulatedFleet().Fleet.SimNodes[2];

        var maps = GpuMap().Matches(node.Log.After(-1)).Select(match => (match.Groups["pci"].Value, match.Groups["uuid"].Value));

        Assert.Equal(node.Gpus.Select(gpu => (gpu.Pci, gpu.Uuid)), maps);
    }

    [Theory]
    [InlineData(FaultClass.GpuOffBus, "79", "'<unknown>'")]
    [InlineData(FaultClass.EccUncontained, "48 95 45", "'<unknown>'")]
    [InlineData(FaultClass.RowRemapPending, "63", "'<unknown>'")]
    [InlineData(FaultClass.JobKilled, "45", "40000")]
    public void XidLines_OfEachFault_AreReadByThePublishedExpression(string kind, string codes, string pid)
    {
        var world = new SimulatedFleet().After(30);
        var gpu = world.Gpu(0, 0);
        world.Inject(kind, kind == FaultClass.JobKilled ? world.Job("llm-70b").Id : gpu.Id);
        world.After(5);

        var all = world.KernelMessages(0);
        var xids = all.Select(line => Xid().Match(line)).Where(match => match.Success).ToArray();

        Assert.Equal(all.Length, xids.Length);
        Assert.Equal(codes.Split(' '), xids.Select(match => match.Groups["xid"].Value).Distinct());
        Assert.Equal((gpu.Pci, pid), (xids[0].Groups["pci"].Value, xids[0].Groups["pid"].Value));
        Assert.All(xids, match => Assert.NotEqual("", match.Groups["msg"].Value));
        Assert.All(world.Fleet.SimNodes[0].Log.After(8).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("3,", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Lines_OfAFault_AreStampedWithTheTimeSinceBoot()
    {
        var world = new SimulatedFleet().After(30);
        world.Inject(FaultClass.GpuOffBus, world.Gpu(0, 0).Id);
        world.After(1);

        var node = world.Fleet.SimNodes[0];
        var stamp = long.Parse(node.Log.After(8).Split(',')[2], System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(world.Fleet.Now, node.BootedAt.AddMicroseconds(stamp), TimeSpan.FromMicroseconds(1));
    }

    [GeneratedRegex(@"NVRM: Xid \((?:PCI:)?(?<pci>[0-9a-fA-F]{4}:[0-9a-fA-F]{2}:[0-9a-fA-F]{2}(?:\.\d)?)(?: GPU-I:(?<gi>\d+))?(?: GPU-CI:(?<ci>\d+))?\): ?(?<xid>\d+)(?:, pid=(?<pid>\d+|'?`?<unknown>`?'?))?(?:, name=(?<name>[^,]*))?(?:, (?<msg>.*?))?(?: caused by previous Xid (?<prev>\d+))?$")]
    private static partial Regex Xid();

    [GeneratedRegex("NVRM: GPU at PCI:(?<pci>[0-9a-fA-F:.]+): (?<uuid>GPU-[0-9a-fA-F-]{36})")]
    private static partial Regex GpuMap();
}
