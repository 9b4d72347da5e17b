using System.Text.Json.Nodes;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>A system of our own: two services of two instances on two hosts, three incidents that the files tell in another order than that of time.</summary>
public sealed class AlertRcaSetTests : IDisposable
{
    private const string Alerts = "data/fault-alerts/shop";

    private readonly string _folder = Directory.CreateTempSubdirectory("alert-rca-").FullName;
    private readonly List<string> _troubles = [];

    public AlertRcaSetTests()
    {
        Write("data/system-knowledge-graphs/original/shop/shop-KG.json", """
            {"nodes": [{"id": "cart", "type": "Service"}, {"id": "mail", "type": "Service"}, {"id": "cart-0", "type": "Service_Instance"}, {"id": "cart-1", "type": "Service_Instance"},
              {"id": "mail-0", "type": "Service_Instance"}, {"id": "mail-1", "type": "Service_Instance"}, {"id": "node-1", "type": "Host"}, {"id": "node-2", "type": "Host"}],
             "edges": [{"source": "cart", "target": "cart-0", "label": "has_instance"}, {"source": "cart-1", "target": "cart", "label": "instance_of"},
              {"source": "mail", "target": "mail-0", "label": "has_instance"}, {"source": "mail", "target": "mail-1", "label": "has_instance"},
              {"source": "cart-0", "target": "node-1", "label": "hosted_on"}, {"source": "mail-0", "target": "node-1", "label": "hosted_on"},
              {"source": "node-2", "target": "cart-1", "label": "hosts"}, {"source": "node-2", "target": "mail-1", "label": "hosts"}, {"source": "mail", "target": "cart", "label": "control_flow"}]}
            """);
        // Incident 9 is the earliest; mail-0 has been loud since then.
        Write($"{Alerts}/metric/metrics.json", """
            {"1": [["1600002000000", "mail-0", "node-1", "threads", "up"], ["1600002000000", "cart-1", "node-2", "cpu", "up"], ["1600002000000", "cart-1", "node-2", "memory", "up"]],
             "9": [["1600001000000", "mail-0", "node-1", "threads", "up"], ["1600001000000", "mail-0", "node-1", "cpu", "up"]],
             "5": [["1600003000000", "mail-0", "node-1", "threads", "up"], ["1600003000000", "cart-0", "node-1", "memory", "up"], ["1600003000000", "cart-1", "node-2", "memory", "up"], ["odd"]]}
            """);
        Write($"{Alerts}/trace/traces.json", """{"5": [[1600003000100, "mail-1", "cart-0", "GetCart", "PD"], [1600003000200, "mail-1", "cart-1", "GetCart", "PD"]]}""");
        Write($"{Alerts}/log/logs.json", """{"9": [["mail-0", "82", ["2020-09-13 | restarted"], 1, null]]}""");
        Write($"{Alerts}/label.csv", "fault_id,fault_level,fault_entity,fault_type\n1,pod,cart-1,cpu load\n9,pod,mail-0,cpu load\n5,service,cart,latency\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Incidents_AreRankedInOrderOfTime_AndScored()
    {
        var answers = Answer("");

        Assert.Equal(["shop/9 mail-0", "shop/1 cart-1", "shop/5 cart"], answers.Select(answer => $"{answer["case"]} {answer["ranking"]![0]!["id"]}"));
        Assert.Contains("metrics.json: 1 alerts have another shape", Assert.Single(_troubles), StringComparison.Ordinal);
        var score = new AlertRcaSet().Score(_folder, answers);
        Assert.Equal([("top1", 1.0), ("top3", 1.0), ("avg3", 1.0)], score.Figures.Take(3).Select(figure => (figure.Name, figure.Value)));
        Assert.Equal(1 / 8.0, score.Figures[0].Chance);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("data/fault-alerts")]
    [InlineData(Alerts)]
    [InlineData($"{Alerts}/metric")]
    public void AnyFolderOfTheSet_GivesTheSameAnswers(string below)
    {
        var whole = Answer("").Select(answer => answer.ToJsonString()).ToArray();

        Assert.Equal(whole, Answer(below).Select(answer => answer.ToJsonString()));
    }

    [Fact]
    public void Labels_AndLaterIncidents_ChangeNothing()
    {
        var before = Answer("").Select(answer => answer.ToJsonString()).ToArray();
        Write($"{Alerts}/label.csv", "nonsense");
        Write($"{Alerts}/log/logs.json", """{"9": [["mail-0", "82", [], 1, null]], "7": [["cart-0", "83", [], 1, null]]}""");
        var file = Path.Combine(_folder, Alerts, "metric/metrics.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        json.Insert(0, "later", JsonNode.Parse("""[["1600009000000", "mail-0", null, "cpu", "up"]]"""));
        File.WriteAllText(file, json.ToJsonString());

        Assert.Subset(Answer("").Select(answer => answer.ToJsonString()).ToHashSet(), before.ToHashSet());
    }

    [Fact]
    public void GraphThatKnowsTheEntities_IsFound_OthersAreNot()
    {
        Write("data/system-knowledge-graphs/original/other/other-KG.json", """{"nodes": [{"id": "a", "type": "Service"}], "edges": [{"source": "a", "target": "b", "label": "likes"}]}""");

        Assert.Equal("cart", (string?)Answer("")[2]["ranking"]![0]!["id"]);
        Assert.Contains(_troubles, trouble => trouble.Contains("edges labelled 'likes' are not used", StringComparison.Ordinal));
    }

    [Fact]
    public void MissingFilesAndGraph_AreTold_AndTheRestIsAnswered()
    {
        Directory.Delete(Path.Combine(_folder, "data/system-knowledge-graphs"), recursive: true);
        Directory.Delete(Path.Combine(_folder, Alerts, "log"), recursive: true);
        Write($"{Alerts}/trace/traces.json", "{");

        Assert.Equal(["mail-0", "cart-1"], Answer("").Take(2).Select(answer => (string)answer["ranking"]![0]!["id"]!));
        Assert.Contains(_troubles, trouble => trouble.Contains("judged without log alerts", StringComparison.Ordinal));
        Assert.Contains(_troubles, trouble => trouble.Contains("traces.json: cannot be used", StringComparison.Ordinal));
        Assert.Contains(_troubles, trouble => trouble.Contains("its entities are judged unconnected", StringComparison.Ordinal));
    }

    [Fact]
    public void PublicSystem_ReachesWhatIsAskedOfIt()
    {
        var shared = SharedData.Folder("alert-rca-kg", "data");
        Assert.SkipUnless(Directory.Exists(shared), $"{shared} is not on this machine");
        var set = new AlertRcaSet();

        var figures = set.Score(shared, [.. set.Answer(shared, _troubles.Add)]).Figures.ToDictionary(figure => figure.Name, figure => figure.Value);

        Assert.Empty(_troubles);
        Assert.True(figures["top1"] >= 0.4 && figures["top3"] >= 0.65, $"top-1 {figures["top1"]:0.###}, top-3 {figures["top3"]:0.###}");
        // A gap of a minute, which puts them all together, has 2 / (incidents + 1) less what the noise costs.
        Assert.True(figures["grouping_pair_f1_of_3"] >= 0.45, $"{figures["grouping_pair_f1_of_3"]:0.###}");
    }

    private JsonObject[] Answer(string below)
    {
        _troubles.Clear();
        return [.. new AlertRcaSet().Answer(Path.Combine(_folder, below), _troubles.Add)];
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
