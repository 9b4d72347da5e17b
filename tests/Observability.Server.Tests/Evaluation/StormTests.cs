using System.Text.Json.Nodes;
using Observability.Incidents;

namespace Observability.Server.Tests;

public sealed class StormTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("storm-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Grouping_ComparesPairs()
    {
        Assert.Equal(new Grouping(1, 1, 1), Grouping.Of([5, 5, 9, 9], [1, 1, 0, 0]));

        // All in one group: of six pairs two are of one incident, and the groups tell nothing.
        var one = Grouping.Of([5, 5, 9, 9], [0, 0, 0, 0]);
        Assert.Equal((2 / 6.0, 1.0, 0.5, 0.0), (one.PairPrecision, one.PairRecall, one.PairF1, Math.Round(one.MutualInformation, 9)));

        // Each on its own: no pair is named, so that none is wrong.
        var alone = Grouping.Of([5, 5, 9, 9], [0, 1, 2, 3]);
        Assert.Equal((1.0, 0.0, 0.0, 0.667), (alone.PairPrecision, alone.PairRecall, alone.PairF1, Math.Round(alone.MutualInformation, 3)));
    }

    [Fact]
    public void Storm_IsTheSameForTheSameOptions_AndKnowsItsFaults()
    {
        var options = new SyntheticStormOptions(1_500, 3, 5);
        var (storm, again) = (SyntheticStorm.Make(options), SyntheticStorm.Make(options));

        Assert.Equal(storm.Alerts.Select(one => (one.At, one.Fault, one.Alert.Fingerprint)), again.Alerts.Select(one => (one.At, one.Fault, one.Alert.Fingerprint)));
        Assert.All(storm.Alerts, one => Assert.InRange(one.Fault, -1, storm.Faults.Count - 1));
        Assert.Equal(Enumerable.Range(-1, storm.Faults.Count + 1), storm.Alerts.Select(one => one.Fault).Distinct().Order());
        Assert.Contains(storm.Alerts, one => one.IsRepeat);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Platform_KeepsThreeFaultsApart_FoldsTheStormAndLosesNoCause(int seed)
    {
        var figures = StormScore.Of(SyntheticStorm.Make(new SyntheticStormOptions(6_000, 3, seed))).Figures.ToDictionary(figure => figure.Name, figure => figure.Value);

        Assert.InRange(figures["pair_f1"], 0.95, 1);
        Assert.InRange(figures["folded_of_storm"], 0.995, 1);
        Assert.Equal(0, figures["lost_causes"]);
    }

    [Fact]
    public async Task Command_WritesWhatCompareReads_AndRefusesOtherSets()
    {
        var (a, b, c) = (Path.Combine(_folder, "a.json"), Path.Combine(_folder, "b.json"), Path.Combine(_folder, "c.json"));
        Assert.Equal(0, (await Invoked.RunAsync(EvalCommand.Build(), "storm", "--alerts", "800", "--out", a)).Code);
        Assert.Equal(0, (await Invoked.RunAsync(EvalCommand.Build(), "storm", "--alerts", "800", "--seed", "2", "--out", b)).Code);
        await File.WriteAllTextAsync(c, """{"set":"nab","figures":[{"name":"score","value":1}]}""", TestContext.Current.CancellationToken);

        var compared = await Invoked.RunAsync(EvalCommand.Build(), "compare", a, b);
        var refused = await Invoked.RunAsync(EvalCommand.Build(), "compare", a, c);
        var missing = await Invoked.RunAsync(EvalCommand.Build(), "compare", a, Path.Combine(_folder, "none.json"));
        var outside = await Invoked.RunAsync(EvalCommand.Build(), "storm", "--alerts", "7", "--concurrent", "9");

        Assert.Equal((0, 2, 2, 2), (compared.Code, refused.Code, missing.Code, outside.Code));
        Assert.Contains("| pair_f1 |", compared.Output, StringComparison.Ordinal);
        Assert.Contains("The data differ", compared.Output, StringComparison.Ordinal);
        Assert.Equal($"{a} is a run of storm, {c} of nab: their figures do not mean the same; give two runs of one set", refused.Error.Trim());
        Assert.Contains("none.json", missing.Error, StringComparison.Ordinal);
        Assert.Equal(["--alerts: 7 is outside 100 to 1000000", "--concurrent: 9 is outside 1 to 8; the fleet has 8 jobs"], outside.Error.Trim().Split('\n'));
    }

    [Fact]
    public void Comparison_TellsNoiseFromDifference()
    {
        var table = EvalComparison.Of(
            ("a", Run(("top1", 0.5, 0.4, 0.6), ("recall", 0.5, 0.45, 0.55), ("seconds", 3, null, null), ("gone", 1, null, null))),
            ("b", Run(("top1", 0.6, 0.5, 0.7), ("recall", 0.7, 0.65, 0.75), ("seconds", 2, null, null))), out var error);

        Assert.Equal("", error);
        Assert.Equal(
            [
                "| top1 | 0.5 | 0.4 to 0.6 | 0.6 | 0.5 to 0.7 | +0.1 | no |",
                "| recall | 0.5 | 0.45 to 0.55 | 0.7 | 0.65 to 0.75 | +0.2 | yes |",
                "| seconds | 3 |  | 2 |  | -1 | not known |",
                "| gone | 1 |  |  |  |  | not known |",
            ],
            table!.Split('\n', StringSplitOptions.RemoveEmptyEntries).SkipWhile(line => !line.StartsWith("| ---", StringComparison.Ordinal)).Skip(1));
    }

    private static JsonObject Run(params (string Name, double Value, double? Low, double? High)[] figures) => new()
    {
        ["set"] = "kind",
        ["figures"] = new JsonArray([.. figures.Select(one => (JsonNode)new JsonObject { ["name"] = one.Name, ["value"] = one.Value, ["low"] = one.Low, ["high"] = one.High })]),
    };
}
