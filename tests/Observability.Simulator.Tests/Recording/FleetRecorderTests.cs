using System.IO.Compression;
using System.Text.Json.Nodes;
using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>A recorded run: what it keeps in each form, how it says that something ended, and its truth.</summary>
public sealed class FleetRecorderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recording-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Full_EveryScrape_IsWhatTheExporterSaidWithItsTimeAndUp()
    {
        var world = Record(RecordingForm.Full, world => world.After(31));

        var lines = File.ReadAllLines(Path("full/scrape/dcgm/node-000.prom"));
        var moments = lines.Select(line => line.Split(' ')[^1]).Distinct().ToArray();
        var last = lines.Where(line => line.EndsWith(moments[^1], StringComparison.Ordinal)).Select(line => line[..line.LastIndexOf(' ')]).ToArray();
        Assert.Equal(4, moments.Length);
        Assert.Equal("up 1", last[0]);
        var then = new SimulatedFleet(nodes: 8).After(30);
        Assert.Equal(DcgmExporter.Render(then.Fleet.SimNodes[0], then.Fleet).Split('\n').Where(line => line.Length > 0 && line[0] != '#'), last[1..]);
        Assert.Equal(31, (world.Fleet.Now - world.Fleet.StartedAt).TotalSeconds);
    }

    [Fact]
    public void Full_GpuThatIsLost_EndsEachOfItsSeriesOnceAndItsKernelLineIsKept()
    {
        var world = Record(RecordingForm.Full, world =>
        {
            world.Inject(FaultClass.GpuOffBus, world.Gpu(0, 3).Id, seconds: 500);
            world.After(60);
        });

        var gone = File.ReadAllLines(Path("full/scrape/dcgm/node-000.prom")).Where(line => line.StartsWith("# GONE ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(Scrape.Dcgm(world, 0).Types.Keys.Count(name => name.StartsWith("DCGM_FI_", StringComparison.Ordinal)), gone.Length);
        Assert.All(gone, line => Assert.Matches($"^# GONE DCGM_FI_\\w+\\{{gpu=\"3\",UUID=\"{world.Gpu(0, 3).Uuid}\".*\\}} NaN \\d{{13}}$", line));
        Assert.Contains("kern  :err   : 2026-03-01T12:00:01,000000+00:00 NVRM: Xid (PCI:0000:4d:00): 79", File.ReadAllText(Path("full/kmsg/node-000.log")), StringComparison.Ordinal);
    }

    [Fact]
    public void Full_NodeThatIsDown_SaysUpIsZeroAndKeepsTheLinesOfBothBoots()
    {
        Record(RecordingForm.Full, world =>
        {
            world.Inject(FaultClass.NodeDown, new EntityId(EntityKind.Node, "node-001"), seconds: 50);
            world.After(100);
        });

        Assert.Equal([1, 0, 0, 0, 0, 0, 1], File.ReadAllLines(Path("full/scrape/node/node-001.prom")).Where(line => line.StartsWith("up ", StringComparison.Ordinal)).Take(7).Select(line => line[3] - '0'));
        Assert.Equal(2, File.ReadAllLines(Path("full/kmsg/node-001.log")).Count(line => line.Contains("Linux version", StringComparison.Ordinal)));
    }

    [Fact]
    public void Compact_QuietFleet_WritesASeriesEveryFourMinutesAndAChangeWithTheValueBefore()
    {
        Record(RecordingForm.Compact, world =>
        {
            world.After(300);
            world.Inject(FaultClass.PcieWidthLoss, world.Gpu(0, 3).Id, seconds: 100);
            world.After(60);
        });

        var widths = Unpacked("scrape/dcgm/node-000.prom.gz").Where(line => line.StartsWith("DCGM_FI_DEV_PCIE_LINK_WIDTH{gpu=\"3\"", StringComparison.Ordinal))
            .Select(line => line.Split("} ")[1].Split(' ')).Select(parts => (Value: parts[0], At: (long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) - Observability.Testing.Fleets.Start.ToUnixTimeMilliseconds()) / 1_000)).ToArray();
        Assert.Equal([("16", 0), ("16", 240), ("16", 300), ("8", 310), ("8", 320), ("8", 330), ("8", 340), ("8", 350), ("8", 360)], widths);
        Assert.DoesNotContain(Unpacked("scrape/dcgm/node-000.prom.gz"), line => line.StartsWith("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", StringComparison.Ordinal));
    }

    [Fact]
    public void Compact_IsAFractionOfTheFullForm()
    {
        Record(RecordingForm.Full, world => world.After(600));
        Record(RecordingForm.Compact, world => world.After(600));

        Assert.True(SizeOf("compact") * 20 < SizeOf("full"), $"{SizeOf("compact")} of {SizeOf("full")} bytes");

        long SizeOf(string form) => new DirectoryInfo(Path(form)).GetFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
    }

    [Theory]
    [InlineData(RecordingForm.Full)]
    [InlineData(RecordingForm.Compact)]
    public void SameSeed_GivesTheSameBytesOfEveryFile(RecordingForm form)
    {
        Dictionary<string, string> Run()
        {
            Record(form, world =>
            {
                FaultArrivals.Schedule(world.Fleet, TimeSpan.FromMinutes(5), FleetPreset.Find("llama3")!, 50_000);
                world.After(400);
            });
            var root = Path(form.ToString().ToLowerInvariant());
            var files = Directory.GetFiles(root, "*", SearchOption.AllDirectories).ToDictionary(file => file[root.Length..], file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
            Directory.Delete(root, recursive: true);
            return files;
        }

        var first = Run();
        Assert.True(first.Count > 20);
        Assert.Equal(first.OrderBy(one => one.Key, StringComparer.Ordinal), Run().OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Truth_HasFaultsAndNegativesWithWhatIsRightAboutThem()
    {
        var world = Record(RecordingForm.Full, world =>
        {
            world.Inject(FaultKinds.NicDown, world.Nic(1, 2).Id, seconds: 50);
            world.Inject(FaultKinds.PowerCap, new EntityId(EntityKind.Cluster, "fleet"), seconds: 50);
            world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, "node-002"), seconds: 50);
            world.After(60);
        });

        var truth = JsonNode.Parse(File.ReadAllText(Path("full/truth/truth.json")))!;
        Assert.Equal((1, 2, 1), ((int)truth["format"]!, truth["faults"]!.AsArray().Count, truth["negatives"]!.AsArray().Count));
        var nic = truth["faults"]![0]!;
        Assert.Equal(
            ("nic_down", "nic:node-001/mlx5_2", true, "inspect_link", """["slow_nic","leaf_flap"]""", """["node-001"]"""),
            ((string)nic["kind"]!, (string)nic["entity"]!, (bool)nic["is_hardware"]!, (string)nic["action"]!, Json(nic["classes"]!), Json(nic["nodes"]!)));
        Assert.Equal("power_cap", (string)truth["negatives"]![0]!["kind"]!);
        Assert.Equal(["maintenance_start", "maintenance_end"], JsonNode.Parse(File.ReadAllText(Path("full/changes/changes.json")))!.AsArray().Select(change => (string)change!["kind"]!));
        Assert.Equal((8, 64, 2), ((int)Bundle()["nodes"]!, (int)Bundle()["gpus"]!, (int)Bundle()["faults"]!));
        Assert.Equal(world.Fleet.Topology().Entities.Length, JsonNode.Parse(File.ReadAllText(Path("full/topology.json")))!["entities"]!.AsArray().Count);

        JsonNode Bundle() => JsonNode.Parse(File.ReadAllText(Path("full/bundle.json")))!;
        static string Json(JsonNode node) => node.ToJsonString();
    }

    private SimulatedFleet Record(RecordingForm form, Action<SimulatedFleet> play)
    {
        var world = new SimulatedFleet(nodes: 8);
        var recorder = new FleetRecorder(world.Fleet, Path(form.ToString().ToLowerInvariant()), form);
        recorder.RecordDue();
        world.Passed = recorder.RecordDue;
        play(world);
        recorder.Complete();
        return world;
    }

    private string[] Unpacked(string name)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path($"compact/{name}")), CompressionMode.Decompress));
        return text.ReadToEnd().Split('\n');
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
