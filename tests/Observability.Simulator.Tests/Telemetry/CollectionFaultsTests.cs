using System.Globalization;
using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Clocks that are off, answers and log lines that come late: how they look from outside.</summary>
public sealed class CollectionFaultsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("collection-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Clocks_AreUsuallyWithinABound_AndSaidByNodeExporterOnlyWhereAsked()
    {
        var (told, quiet) = (World(FleetTelemetry.Clocks).After(60), World(FleetTelemetry.None).After(60));

        var offsets = told.Fleet.SimNodes.Select(node => OffsetOf(told, node.Index)).ToArray();
        Assert.All(offsets, offset => Assert.InRange(Math.Abs(offset), 0, 0.05 * Noise.Bound));
        Assert.True(offsets.Distinct().Count() > 10, "every node has a clock of its own");
        Assert.DoesNotContain(Scrape.Node(quiet, 0).Samples, sample => sample.Name == "node_time_seconds");
        Assert.All(quiet.Fleet.SimNodes, node => Assert.Equal(TimeSpan.Zero, node.Clock.OffsetAt(quiet.Fleet.Now)));
    }

    [Fact]
    public void ClockSkew_MovesLogBootTimeAndClockAlike_DriftsAndEnds()
    {
        var world = World(FleetTelemetry.Clocks).After(60);
        world.Inject(FaultKinds.ClockSkew, Node(1), seconds: 300);
        var boot = Scrape.Node(world, 1).Samples.Single(sample => sample.Name == "node_boot_time_seconds").Value;

        var first = OffsetOf(world.After(2), 1);
        var later = OffsetOf(world.After(200), 1);

        Assert.InRange(Math.Abs(first), 19.5, 240.5);
        Assert.Equal(0.04, Math.Abs(later) - Math.Abs(first), tolerance: 0.005);
        Assert.Equal(boot + later, Scrape.Node(world, 1).Samples.Single(sample => sample.Name == "node_boot_time_seconds").Value, tolerance: 1.0);
        Assert.All(Enumerable.Range(2, 10), node => Assert.InRange(Math.Abs(OffsetOf(world, node)), 0, 0.2));
        Assert.InRange(Math.Abs(OffsetOf(world.After(120), 1)), 0, 0.2);
        Assert.Empty(world.Fleet.Truth);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void ClockSkew_RecordedKernelLine_TellsTheNodesTime(int node)
    {
        var world = World(FleetTelemetry.Clocks);
        var recorder = new FleetRecorder(world.Fleet, _folder.FullName);
        world.Inject(FaultKinds.ClockSkew, Node(node), seconds: 300);
        world.After(60).Inject(FaultClass.RowRemapPending, world.Gpu(node, 3).Id);
        world.After(1);
        var told = world.Fleet.SimNodes[node].Clock.Show(world.Fleet.Now);
        recorder.Complete();

        var log = File.ReadAllText(Path.Combine(_folder.FullName, $"kmsg/node-00{node}.log"));
        // Even nodes keep what dmesg prints, odd ones what journald exports.
        Assert.Contains(
            node % 2 == 0
                ? string.Create(CultureInfo.InvariantCulture, $"kern  :err   : {told:yyyy-MM-ddTHH:mm:ss,ffffff}+00:00 NVRM: Xid (PCI:0000:4d:00): 63")
                : string.Create(CultureInfo.InvariantCulture, $"__REALTIME_TIMESTAMP={told.ToUnixTimeMilliseconds() * 1_000 + (told.Microsecond % 1_000)}\n__MONOTONIC_TIMESTAMP="),
            log, StringComparison.Ordinal);
    }

    [Fact]
    public void LateSamples_RepeatWhatWasGathered_WithTheTimeOfThat()
    {
        var world = World(FleetTelemetry.Delays).After(60);
        world.Inject(FaultKinds.LateSamples, new EntityId(EntityKind.Monitor, "node-001/dcgm"), seconds: 300);
        world.After(1);

        var answers = new List<string>();
        for (var scrape = 0; scrape < 20; scrape++)
        {
            answers.Add(Answer(world));
            world.After(10);
        }

        var times = answers.Select(answer => answer.Split('\n').First(line => line.StartsWith("DCGM_FI_DEV_GPU_TEMP{", StringComparison.Ordinal)).Split(' ')[^1]).ToArray();
        Assert.All(times, time => Assert.Equal(13, time.Length));
        Assert.InRange(times.Distinct().Count(), 2, 7);
        Assert.Equal(times.Distinct().Count(), answers.Distinct().Count());
        Assert.DoesNotMatch("\\} \\S+ \\d{13}\n", Answer(world.After(200)));
    }

    [Fact]
    public void LateSamples_InARecording_AreOfTheirOwnTimeAndWrittenOnce()
    {
        var world = World(FleetTelemetry.Delays);
        var recorder = new FleetRecorder(world.Fleet, _folder.FullName);
        world.Inject(FaultKinds.LateSamples, new EntityId(EntityKind.Monitor, "node-001/dcgm"), seconds: 600);
        world.Passed = recorder.RecordDue;
        world.After(301);
        recorder.Complete();

        var lines = File.ReadAllLines(Path.Combine(_folder.FullName, "scrape/dcgm/node-001.prom"));
        var temperature = lines.Where(line => line.StartsWith("DCGM_FI_DEV_GPU_TEMP{gpu=\"0\"", StringComparison.Ordinal)).ToArray();
        Assert.Equal(temperature.Length, temperature.Distinct().Count());
        Assert.InRange(temperature.Length, 3, 11);
        Assert.Equal(31, lines.Count(line => line == "up 1" || line.StartsWith("up 1 ", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.StartsWith("# GONE", StringComparison.Ordinal));
    }

    [Fact]
    public void LateLogs_AreHeldBack_AndComeAllAtOnce()
    {
        var world = World(FleetTelemetry.Delays).After(60);
        world.Inject(FaultKinds.LateLogs, Node(1), seconds: 200);
        world.After(5).Inject(FaultClass.RowRemapPending, world.Gpu(1, 3).Id, seconds: 400);
        string Served() => world.Fleet.SimNodes[1].Log.After(-1, world.Fleet.SimNodes[1].LogHeldSince);

        Assert.DoesNotContain("Xid", world.After(100).Fleet.SimNodes[1].LogHeldSince is null ? "Xid" : Served(), StringComparison.Ordinal);
        world.After(110);
        Assert.Contains("NVRM: Xid (PCI:0000:4d:00): 63", Served(), StringComparison.Ordinal);
    }

    [Fact]
    public void Preset_DrawsThemOnlyWhereTheFleetTellsEnough_AndNothingElseChanges()
    {
        var preset = FleetPreset.Find("llama3")!;
        FaultSpec[] Draw(FleetTelemetry told) => [.. FaultArrivals.Schedule(World(told).Fleet, TimeSpan.FromHours(200), preset, 100)];

        var usual = Draw(FleetTelemetry.None);
        var told = Draw(FleetTelemetry.Clocks | FleetTelemetry.Delays);
        var collection = FaultKinds.Collection.Select(kind => kind.Name).ToArray();

        Assert.DoesNotContain(usual, fault => collection.Contains(fault.Kind));
        Assert.All(collection, kind => Assert.Contains(told, fault => fault.Kind == kind));
        Assert.Equal(usual.Select(fault => (fault.Kind, fault.Entity, fault.At)), told.Where(fault => !collection.Contains(fault.Kind)).Select(fault => (fault.Kind, fault.Entity, fault.At)));
    }

    private static SimulatedFleet World(FleetTelemetry told) => new(nodes: 16, telemetry: told);

    private static EntityId Node(int index) => new(EntityKind.Node, $"node-00{index}");

    private static double OffsetOf(SimulatedFleet world, int node) =>
        Scrape.Node(world, node).Samples.Single(sample => sample.Name == "node_time_seconds").Value - (world.Fleet.Now.ToUnixTimeMilliseconds() / 1_000.0);

    private static string Answer(SimulatedFleet world)
    {
        var text = new ExpositionWriter();
        Exporters.Read(world.Fleet.SimNodes[1], Exporters.Dcgm, world.Fleet, text);
        return text.ToString();
    }
}
