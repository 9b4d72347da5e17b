using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>A shop of our own: front calls search and pay, search calls its store; search is slow in one issue and pay fails in another.</summary>
public sealed class PetShopSetTests : IDisposable
{
    private const string Graph = ",front,search,pay,store\nfront,0,1,1,0\nsearch,0,0,0,1\npay,0,0,0,0\nstore,0,0,0,0\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("petshop-").FullName;
    private readonly List<string> _troubles = [];

    public PetShopSetTests()
    {
        Write("dataset/calm/graph.csv", Graph);
        Write("dataset/calm/noissue/metrics.csv", Metrics(60, (_, _, _) => 0));
        Issue("dataset/calm/train/issue_0", "latency", (node, metric, row) => metric == "latency" && (row is 2 or 3) && (node is "front" or "search") ? 0.5 : 0, "search");
        Issue("dataset/calm/train/issue_1", "availability", (node, metric, row) => metric == "availability" && (row is 2 or 3) && (node is "front" or "pay") ? -5 : 0, "pay");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Culprits_AreFirst_AndScored()
    {
        var answers = Answer("");

        Assert.Equal(["calm/train/issue_0 search", "calm/train/issue_1 pay"], answers.Select(answer => $"{answer["case"]} {answer["ranking"]![0]!["id"]}"));
        Assert.Empty(_troubles);
        var score = new PetShopSet().Score(_folder, answers);
        Assert.Equal([("top1", 1.0), ("top3", 1.0), ("empty_answers", 0.0), ("specificity", 1.0)], score.Figures.Select(figure => (figure.Name, figure.Value)));
        Assert.Equal((0.25, 0.75), (score.Figures[0].Chance, score.Figures[1].Chance));
    }

    [Theory]
    [InlineData("dataset")]
    [InlineData("dataset/calm")]
    [InlineData("dataset/calm/train")]
    [InlineData("dataset/calm/train/issue_0")]
    public void AnyFolderOfTheSet_GivesTheSameNamesAndAnswers(string below)
    {
        var whole = Answer("").Select(answer => answer.ToJsonString()).ToArray();

        var answers = Answer(below).Select(answer => answer.ToJsonString()).ToArray();

        Assert.NotEmpty(answers);
        Assert.Subset(whole.ToHashSet(), answers.ToHashSet());
    }

    [Fact]
    public void RootCauseAndMetadata_ChangeNothing()
    {
        var before = Answer("").Select(answer => answer.ToJsonString()).ToArray();
        foreach (var file in Directory.GetFiles(_folder, "target.json", SearchOption.AllDirectories))
        {
            var json = JsonNode.Parse(File.ReadAllText(file))!;
            File.WriteAllText(file, $$"""{"root_cause": {"target": {"node": "store", "metric": "latency"}, "node": "front"}, "metadata": {"target": "store"}, "target": {{json["target"]!.ToJsonString()}}}""");
        }

        Assert.Equal(before, Answer("").Select(answer => answer.ToJsonString()));
    }

    [Fact]
    public void WithoutNormalPeriod_TheFirstRowsOfTheIssuesStandForIt()
    {
        Directory.Delete(Path.Combine(_folder, "dataset/calm/noissue"), recursive: true);

        Assert.Equal(["search", "pay"], Answer("").Select(answer => (string)answer["ranking"]![0]!["id"]!));
        Assert.Contains("the first rows of its issues stand for its normal period", Assert.Single(_troubles), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsBroken_IsToldAndAnsweredAsUnknown_AndTheRestIsAnswered()
    {
        Write("dataset/calm/train/issue_2/target.json", "{\"target\": ");
        Write("dataset/calm/train/issue_2/metrics.csv", Metrics(5, (_, _, _) => 0));
        Write("dataset/calm/test/issue_0/target.json", """{"target": {"node": "front", "metric": "latency", "agg": "Average", "timestamp": 5}}""");

        var answers = Answer("");

        Assert.Equal(["calm/test/issue_0 0", "calm/train/issue_0 True", "calm/train/issue_1 True", "calm/train/issue_2 0"],
            answers.Select(answer => $"{answer["case"]} {(answer["ranking"]!.AsArray() is { Count: > 0 } ? "True" : "0")}"));
        Assert.Contains(_troubles, trouble => trouble.Contains("issue_2/target.json: cannot be used", StringComparison.Ordinal));
        Assert.Contains(_troubles, trouble => trouble.Contains("test/issue_0/metrics.csv: cannot be used", StringComparison.Ordinal));
    }

    [Fact]
    public void WithoutGraph_EveryMeasuredNodeIsACandidate()
    {
        File.Delete(Path.Combine(_folder, "dataset/calm/graph.csv"));

        var answers = Answer("dataset/calm/train/issue_0");

        Assert.Equal("calm/train/issue_0", (string?)Assert.Single(answers)["case"]);
        Assert.Equal("search", (string?)answers[0]["ranking"]![0]!["id"]);
        Assert.Contains(_troubles, trouble => trouble.Contains("no folder above it has a graph.csv", StringComparison.Ordinal));
    }

    [Fact]
    public void PublicTrainingIssues_ReachWhatIsAskedOfThem()
    {
        var shared = SharedData.Folder("petshop", "dataset");
        Assert.SkipUnless(Directory.Exists(shared), $"{shared} is not on this machine");
        var set = new PetShopSet();

        var score = set.Score(shared, [.. set.Answer(shared, _troubles.Add)]);
        var figures = score.Figures.ToDictionary(figure => figure.Name, figure => figure.Value);

        Assert.Empty(_troubles);
        // The published method comes out as published: .333 and .688 over both scenarios.
        var beside = score.Tables.Single(table => table.Columns.Contains("published top1"));
        Assert.Equal(["0.292", "0.75", "0.375", "0.625"], beside.Rows.Where(row => row[0].EndsWith("recorded", StringComparison.Ordinal)).SelectMany(row => row.Skip(4)));
        // On made-up culprits all over the graph, which no recorded issue has, it must hold too; where nothing is noisy both are near the top.
        var madeUp = beside.Rows.Where(row => row[0].Contains("made up", StringComparison.Ordinal)).ToArray();
        Assert.Equal(4, madeUp.Length);
        Assert.All(madeUp, row => Assert.True(Number(row[2]) >= 0.8 && Number(row[3]) >= 0.85 && (Number(row[2]) > Number(row[4]) || row[0].Contains("availability", StringComparison.Ordinal)), string.Join(' ', row)));
        Assert.True(figures["top1"] >= 0.7 && figures["top3"] >= 0.88, $"top-1 {figures["top1"]:0.###}, top-3 {figures["top3"]:0.###}");
        Assert.True(figures["specificity"] >= 0.8, $"specificity {figures["specificity"]:0.###}");
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);

    private JsonObject[] Answer(string below)
    {
        _troubles.Clear();
        return [.. new PetShopSet().Answer(Path.Combine(_folder, below), _troubles.Add)];
    }

    private void Issue(string folder, string metric, Func<string, string, int, double> extra, string culprit)
    {
        Write($"{folder}/metrics.csv", Metrics(5, extra));
        Write($"{folder}/target.json", $$$"""{"target": {"node": "front", "metric": "{{{metric}}}", "agg": "Average", "timestamp": 1600000700}, "root_cause": {"node": "{{{culprit}}}", "metric": null}}""");
    }

    private static string Metrics(int rows, Func<string, string, int, double> extra)
    {
        (string Node, double Latency, int Requests)[] nodes = [("front", 0.1, 500), ("search", 0.04, 400), ("pay", 0.05, 450), ("store", 0.01, 400)];
        var lines = new List<string>
        {
            "microservice," + string.Join(',', nodes.SelectMany(node => Enumerable.Repeat(node.Node, 3))),
            "metric," + string.Join(',', nodes.SelectMany(_ => new[] { "latency", "availability", "requests" })),
            "statistic," + string.Join(',', nodes.SelectMany(_ => new[] { "Average", "Average", "Sum" })),
            "unix_timestamp" + new string(',', 12),
        };
        for (var row = 0; row < rows; row++)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{1_600_000_000 + (300 * row)}.0,") + string.Join(',', nodes.SelectMany(node => new[]
            {
                (node.Latency * (1 + (0.01 * (row * 7 % 5)))) + extra(node.Node, "latency", row), 100 + extra(node.Node, "availability", row), node.Requests,
            }).Select(value => value.ToString(CultureInfo.InvariantCulture))));
        return string.Join('\n', lines) + "\n";
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
