using System.Text.Json.Nodes;

namespace Observability.Server.Tests;

/// <summary><c>simulate</c> as the shell sees it.</summary>
public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("simulate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task SameOptionsTwice_GiveTheSameBytes_AndAnotherSeedDoesNot()
    {
        var runs = new[] { await RunAsync("a", "--seed", "4"), await RunAsync("b", "--seed", "4"), await RunAsync("c", "--seed", "5") };

        Assert.All(runs, run => Assert.Equal((0, ""), (run.Code, run.Error)));
        Assert.Contains("4 nodes, 32 GPUs, 0.05 h, Full: ", runs[0].Output, StringComparison.Ordinal);
        Assert.Equal(Files("a").Keys, Files("b").Keys);
        Assert.All(Files("a"), file => Assert.Equal(file.Value, Files("b")[file.Key]));
        Assert.NotEqual(Files("a")["scrape/dcgm/node-000.prom"], Files("c")["scrape/dcgm/node-000.prom"]);
        var about = JsonNode.Parse(Files("a")["bundle.json"])!;
        var truth = JsonNode.Parse(Files("a")["truth/truth.json"])!;
        Assert.Equal((4, 4, (int)about["faults"]!), ((int)about["nodes"]!, (int)about["seed"]!, truth["faults"]!.AsArray().Count));
    }

    [Fact]
    public async Task Compact_KeepsLessInPackedFiles()
    {
        Assert.Equal(0, (await RunAsync("full", "--form", "full")).Code);
        Assert.Equal(0, (await RunAsync("compact", "--form", "compact")).Code);

        Assert.Contains("scrape/dcgm/node-000.prom.gz", Files("compact").Keys);
        Assert.True(Files("compact").Values.Sum(bytes => bytes.Length) < Files("full").Values.Sum(bytes => bytes.Length) / 5);
    }

    [Fact]
    public async Task Telemetry_AndInjectedFaults_AreInTheBundleAndInItsTruth()
    {
        var run = await Invoked.RunAsync(
            SimulateCommand.Build(),
            ["--out", Path.Combine(_folder, "told"), "--nodes", "4", "--hours", "0.05", "--factor", "0", "--telemetry", "switches,optics", "--inject", "gpu_off_bus=gpu:node-001/gpu3@30+60", "--inject", "late_logs=node:node-002@30+60"]);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("scrape/switch/leaf-0-r0.prom", Files("told").Keys);
        Assert.Contains("scrape/transceiver/node-000.prom", Files("told").Keys);
        var about = JsonNode.Parse(Files("told")["bundle.json"])!;
        Assert.Equal(["switches", "optics"], about["telemetry"]!.AsArray().Select(one => (string)one!));
        var truth = JsonNode.Parse(Files("told")["truth/truth.json"])!;
        Assert.Equal(["01-gpu_off_bus"], truth["faults"]!.AsArray().Select(fault => (string)fault!["id"]!));
        Assert.Equal(["02-late_logs"], truth["negatives"]!.AsArray().Select(fault => (string)fault!["id"]!));
    }

    [Theory]
    [InlineData("--nodes: 3 is outside 4 to 2048", "--nodes", "3")]
    [InlineData("--seed: -1 is below 0", "--seed", "-1")]
    [InlineData("--hours: 0 is outside 0 to 168", "--hours", "0")]
    [InlineData("--hours: 169 is outside 0 to 168", "--hours", "169")]
    [InlineData("--factor: -2 is outside 0 to 100000", "--factor", "-2")]
    [InlineData("--faults: 1001 is outside 0 to 1000", "--faults", "1001")]
    [InlineData("--fleet-preset: 'llama9' is not known; one of llama3, rsc1, nebius is", "--fleet-preset", "llama9")]
    [InlineData("--telemetry: 'radar' is none of clocks, delays, switches, optics", "--telemetry", "clocks,radar")]
    [InlineData("--inject: 'nic_down' is not KIND=ENTITY@SECOND+SECONDS, such as nic_down=nic:node-003/mlx5_4@300+120", "--inject", "nic_down")]
    [InlineData("fault 01-nic_down: the fleet has no 'nic:node-099/mlx5_4'", "--inject", "nic_down=nic:node-099/mlx5_4@30+60")]
    [InlineData("--form: 'tiny' is neither auto, full nor compact", "--form", "tiny")]
    public async Task BadOption_IsRefusedAndNothingIsWritten(string says, params string[] options)
    {
        var run = await Invoked.RunAsync(SimulateCommand.Build(), ["--out", Path.Combine(_folder, "x"), .. options]);

        Assert.Equal((2, says, ""), (run.Code, run.Error.Trim(), run.Output));
        Assert.False(Directory.Exists(Path.Combine(_folder, "x")));
    }

    [Fact]
    public async Task SeveralFaults_AreToldAtOnce_AndAFolderInUseIsLeftAlone()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "mine.txt"), "mine", TestContext.Current.CancellationToken);

        var run = await Invoked.RunAsync(SimulateCommand.Build(), "--out", _folder, "--nodes", "1");

        Assert.Equal(2, run.Code);
        Assert.Equal(
            ["--nodes: 1 is outside 4 to 2048", $"--out: {_folder} is not empty; a recording needs a folder of its own"],
            run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("mine.txt", Assert.Single(Files("")).Key);
    }

    // Three minutes of four nodes with so many faults that some begin.
    private Task<Invoked> RunAsync(string name, params string[] options) =>
        Invoked.RunAsync(SimulateCommand.Build(), ["--out", Path.Combine(_folder, name), "--nodes", "4", "--hours", "0.05", "--factor", "20000", .. options]);

    private SortedDictionary<string, byte[]> Files(string name) => new(
        Directory.EnumerateFiles(Path.Combine(_folder, name), "*", SearchOption.AllDirectories)
            .ToDictionary(path => Path.GetRelativePath(Path.Combine(_folder, name), path), File.ReadAllBytes),
        StringComparer.Ordinal);
}
