using System.Text.Json.Nodes;
using Observability.Model;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>Recorded runs and episodes are answered without their truth, under the names that the set's users know.</summary>
public sealed class BundleSetTests : IDisposable
{
    private const string Episode = """
        {"id":"ours-1","fleet":"4n-4l-1j","seed":1,"from":"2026-03-01T12:00:00Z","to":"2026-03-01T12:02:00Z",
         "faults":[{"id":"f","kind":"gpu_off_bus","entity":"gpu:G1","at":"2026-03-01T12:00:09Z","ends_at":"2026-03-01T12:01:30Z","first_symptom_at":"2026-03-01T12:00:09Z","classes":["gpu_off_bus"],"is_hardware":true,"entities":["gpu:G1"],"nodes":["a"],"jobs":["j"]}],
         "negatives":[],
         "alerts":[{"at":"2026-03-01T12:00:10Z","change":"fired","starts_at":"2026-03-01T12:00:10Z","origin":"event","entity":"gpu:G1","labels":{"alertname":"Xid79","severity":"critical","fault_class":"gpu_off_bus","role":"cause","node":"a"},"summary":"lost"}],
         "topology":{"entities":["gpu:G1","node:a","job:j","rank:j/0"],"edges":["gpu:G1 part_of node:a","rank:j/0 member_of job:j","rank:j/0 runs_on gpu:G1"]}}
        """;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("bundle-set-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_WithAndWithoutItsTruth_IsAnsweredTheSameFromItsFolderAndFromAbove()
    {
        var run = Record("runs/first");
        var withTruth = Assert.Single(Answers("runs"));
        Directory.Delete(Path.Combine(run, "truth"), recursive: true);

        var answer = Assert.Single(Answers("runs/first"));

        Assert.Equal(withTruth.ToJsonString(), answer.ToJsonString());
        Assert.Equal("first", (string)answer["case"]!);
        var incident = Assert.Single(answer["incidents"]!.AsArray())!;
        Assert.Equal(("hardware", "gpu_off_bus"), ((string)incident["verdict"]!["kind"]!, (string)incident["verdict"]!["class"]!));
        Assert.Equal((string)incident["verdict"]!["entity"]!, (string)incident["ranking"]![0]!["id"]!);
        Assert.Equal("2026-03-01T12:01:00.000Z", (string)incident["opened"]!);
        Assert.True((int)incident["alerts"]! >= 1);
    }

    [Fact]
    public void Run_WithItsTruth_IsScored()
    {
        Record("runs/first");

        var score = Score("runs", PlatformParts.None);

        Assert.Equal([1.0, 1, 1, 1], new[] { "precision", "recall", "device_first", "class_and_device_first" }.Select(name => Figure(score, name)));
        Assert.Equal(["actionability.zip", "root-cause.zip"], score.Models.Keys);
    }

    [Fact]
    public void Episode_WithOtherLabels_IsAnsweredTheSame()
    {
        Write("set/a.jsonl", Flat(Episode));
        Write("blind/a.jsonl", Flat(Episode).Replace("\"faults\":[{", "\"faults\":[],\"gone\":[{", StringComparison.Ordinal).Replace("\"negatives\":[]", "\"negatives\":7", StringComparison.Ordinal));

        var answer = Assert.Single(Answers("set"));

        Assert.Equal(answer.ToJsonString(), Assert.Single(Answers("blind/a.jsonl")).ToJsonString());
        Assert.Equal(("ours-1", "gpu:G1"), ((string)answer["case"]!, (string)answer["incidents"]![0]!["ranking"]![0]!["id"]!));
    }

    [Fact]
    public void Episode_FoundAndNamed_IsScoredWithItsDelay()
    {
        Write("set/a.jsonl", Flat(Episode));

        var score = Score("set", PlatformParts.None);

        Assert.Equal([1.0, 1, 1, 1, 0, 0], new[] { "precision", "recall", "device_first", "explicit_hardware_delay_p50_s", "false_cordons", "lost_causes" }.Select(name => Figure(score, name)));
    }

    /// <summary>A job that moves within an episode suffers from what happens where it is then.</summary>
    [Theory]
    [InlineData(true, "gpu:G9 job:j")]
    [InlineData(false, "gpu:G9|job:j")]
    public void Episode_InWhichAJobMoves_IsAnsweredByWhereItIs(bool tellsOfTheMove, string incidents)
    {
        var line = JsonNode.Parse(Episode)!.AsObject();
        var topology = line["topology"]!;
        foreach (var entity in (string[])["gpu:G9", "node:b"])
            topology["entities"]!.AsArray().Add(entity);
        topology["edges"]!.AsArray().Add("gpu:G9 part_of node:b");
        if (tellsOfTheMove)
            topology["changes"] = JsonNode.Parse("""[{"at":"2026-03-01T12:00:05Z","begun":["rank:j/0 runs_on gpu:G9"],"ended":["rank:j/0 runs_on gpu:G1"]}]""");
        line["alerts"] = JsonNode.Parse("""
            [{"at":"2026-03-01T12:00:10Z","change":"fired","starts_at":"2026-03-01T12:00:10Z","origin":"event","entity":"gpu:G9","labels":{"alertname":"Xid79","severity":"critical","fault_class":"gpu_off_bus","role":"cause","node":"b"}},
             {"at":"2026-03-01T12:00:45Z","change":"fired","starts_at":"2026-03-01T12:00:45Z","origin":"detector","entity":"job:j","labels":{"alertname":"JobStalled","severity":"critical","fault_class":"user_code_hang","role":"symptom","job_name":"j"}}]
            """);
        Write("set/a.jsonl", line.ToJsonString());

        var answer = Assert.Single(Answers("set"));

        Assert.Equal(incidents, string.Join('|', answer["incidents"]!.AsArray().Select(one => string.Join(' ', one!["signs"]!.AsArray().Select(sign => (string)sign!["id"]!)))));
    }

    [Fact]
    public void Episode_WithoutTrainedModels_NamesNoneAndSaysSo()
    {
        Write("set/a.jsonl", Flat(Episode));

        var score = Score("set", PlatformParts.Ml);

        Assert.Empty(score.Models);
        Assert.Equal(1, Figure(score, "device_first"));
        Assert.Contains("Without ml.", score.Notes);
    }

    [Fact]
    public void BrokenLine_IsToldAndAnsweredAsNothing()
    {
        Write("set/a.jsonl", Flat(Episode) + "\n{\"id\":\"x\"}\n");
        var troubles = new List<string>();

        var answers = Set(PlatformParts.None).Answer(Path.Combine(_folder, "set"), troubles.Add).ToArray();

        Assert.Equal(["ours-1", "a.jsonl:2"], answers.Select(answer => (string)answer["case"]!));
        Assert.StartsWith("a.jsonl:2: ", Assert.Single(troubles), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoRunsOfOneName_AreToldApartByTheirPaths()
    {
        Write("x/day/kmsg/a.log", "");
        Write("y/day/kmsg/a.log", "");

        Assert.Equal(["x/day", "y/day"], BundleCase.Below(_folder).Select(one => one.Name));
    }

    private static BundleSet Set(PlatformParts without) => new(SharedData.RepositoryRoot(), without);

    private static double Figure(EvalScore score, string name) => score.Figures.Single(figure => figure.Name == name).Value;

    private static string Flat(string json) => json.ReplaceLineEndings("");

    private JsonObject[] Answers(string path) => [.. Set(PlatformParts.None).Answer(Path.Combine(_folder, path), Assert.Fail)];

    private EvalScore Score(string path, PlatformParts without)
    {
        var set = Set(without);
        var full = Path.Combine(_folder, path);
        return set.Score(full, [.. set.Answer(full, Assert.Fail)]);
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    // Four nodes, and a GPU that falls off the bus after a minute.
    private string Record(string name)
    {
        var fleet = new Fleet(new FleetOptions { Nodes = 4, Seed = 3 }, Start);
        var gpu = fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, gpu, Start.AddSeconds(60), TimeSpan.FromSeconds(120)));
        var folder = Path.Combine(_folder, name);
        var recorder = new FleetRecorder(fleet, folder, RecordingForm.Compact);
        for (var now = Start; now <= Start.AddSeconds(150); now = now.AddSeconds(1))
        {
            fleet.Advance(now);
            recorder.RecordDue();
        }

        recorder.Complete();
        return folder;
    }
}
