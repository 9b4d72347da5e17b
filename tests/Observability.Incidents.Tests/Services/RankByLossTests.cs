namespace Observability.Incidents.Tests.Services;

public sealed class RankByLossTests
{
    private static readonly MetricColumn Front = new("front", "latency", "Average");

    private static ServiceWorld Shop() => new ServiceWorld(new Random(3)).Node("front", 0.01, 1000).Node("search", 0.02, 0).Node("pay", 0.03, 0).Node("store", 0.005, 0)
        .Call("front", "search", 0.8).Call("front", "pay", 0.2).Call("search", "store", 1).Call("pay", "store", 0.5);

    [Theory]
    [InlineData("front")]
    [InlineData("search")]
    [InlineData("pay")]
    [InlineData("store")]
    public void SlowNode_IsFirstWhereverItIs(string culprit)
    {
        var shop = Shop();

        var ranking = RankByLoss.Rank(shop.Graph, shop.Normal(), shop.Window(culprit, 0.1), Front);

        Assert.Equal(culprit, ranking[0].Id);
        Assert.InRange(ranking[0].Score, culprit == Front.Node ? 50 : 80, 101);
        Assert.Contains("of the loss to be explained", ranking[0].Evidence[0], StringComparison.Ordinal);
    }

    [Fact]
    public void RandomSystems_CulpritIsMostlyFirst_FarAboveADeviationWithoutGraph()
    {
        const int Worlds = 150;
        var random = new Random(11);
        double first = 0, amongThree = 0, withoutGraph = 0;
        for (var at = 0; at < Worlds; at++)
        {
            var world = ServiceWorld.Of(random, 15);
            var normal = world.Normal();
            var culprit = $"n{random.Next(15)}";
            var window = world.Window(culprit, 0.2);
            var ranking = RankByLoss.Rank(world.Graph, normal, window, new MetricColumn("n0", "latency", "Average"));
            first += ranking.Count > 0 && ranking[0].Id == culprit ? 1 : 0;
            amongThree += ranking.Take(3).Any(node => node.Id == culprit) ? 1 : 0;
            withoutGraph += world.Nodes.MaxBy(node => Deviation(normal, window, node)) == culprit ? 1 : 0;
        }

        Assert.True(first / Worlds >= 0.8, $"first in {first / Worlds:P0}");
        Assert.True(amongThree / Worlds >= 0.9, $"among three in {amongThree / Worlds:P0}");
        Assert.True(first > withoutGraph, $"{first} with, {withoutGraph} without the graph");
    }

    [Fact]
    public void ConstantAvailability_SmallDropIsSeen_AndTheNodeThatFailsMostRequestsIsBlamed()
    {
        // All values alike: a MAD of 0 would make every deviation infinite, that of a rarely asked side path included.
        var graph = new ServiceGraph([], [new("front", ServiceEdge.Calls, "search"), new("front", ServiceEdge.Calls, "gateway")]);
        var normal = Table(50, ("front", _ => (100, 500)), ("search", _ => (100, 800)), ("gateway", _ => (100, 40)));
        var window = Table(5, ("front", row => (row is 2 or 3 ? 97 : 100, 500)), ("search", row => (row is 2 or 3 ? 98 : 100, 800)), ("gateway", row => (row is 2 or 3 ? 88 : 100, 40)));

        var ranking = RankByLoss.Rank(graph, normal, window, new MetricColumn("front", "availability", "Average"));

        Assert.Equal(["search", "gateway", "front"], ranking.Select(node => node.Id));
    }

    [Fact]
    public void LevelThatHadDriftedBefore_IsNotBlamed()
    {
        var graph = new ServiceGraph([], [new("front", ServiceEdge.Calls, "search"), new("front", ServiceEdge.Calls, "batch")]);
        static double Wobble(int row) => 1 + (0.02 * (row % 5));
        var normal = Latency(60, ("front", Wobble), ("search", Wobble), ("batch", Wobble));
        var window = Latency(5, ("front", row => row is 2 or 3 ? 3 : 1), ("search", row => row is 2 or 3 ? 2.5 : 1), ("batch", _ => 4));

        var ranking = RankByLoss.Rank(graph, normal, window, Front);

        Assert.Equal("search", ranking[0].Id);
        Assert.DoesNotContain(ranking, node => node.Id == "batch");
    }

    [Fact]
    public void TargetAsUsual_NothingIsAnswered()
    {
        var shop = Shop();

        Assert.Empty(RankByLoss.Rank(shop.Graph, shop.Normal(), shop.Window("search", 0), Front));
        Assert.Empty(RankByLoss.Rank(shop.Graph, shop.Normal(), MetricTable.Empty, Front));
        Assert.Empty(RankByLoss.Rank(shop.Graph, shop.Normal(), shop.Window("search", 0.1), Front with { Node = "nobody" }));
    }

    [Fact]
    public void WithoutNormalPeriod_TheRowsBeforeStandForIt()
    {
        var shop = Shop();

        Assert.Equal("search", RankByLoss.Rank(shop.Graph, MetricTable.Empty, shop.Window("search", 0.1), Front)[0].Id);
    }

    [Fact]
    public void MissingValues_AreNoLoss()
    {
        var graph = new ServiceGraph([], [new("front", ServiceEdge.Calls, "search"), new("front", ServiceEdge.Calls, "gone")]);
        var normal = Latency(60, ("front", row => 1 + (0.01 * (row % 7))), ("search", row => row % 3 == 0 ? double.NaN : 1), ("gone", _ => double.NaN));
        var window = Latency(5, ("front", row => row == 0 ? double.NaN : row == 2 ? 3 : 1), ("search", row => row == 4 ? double.NaN : row == 2 ? 3 : 1), ("gone", _ => double.NaN));

        var ranking = RankByLoss.Rank(graph, normal, window, Front);

        Assert.Equal("search", ranking[0].Id);
        Assert.All(ranking, node => Assert.True(double.IsFinite(node.Score), $"{node.Id}: {node.Score}"));
    }

    [Fact]
    public void OtherUnit_OtherNames_OtherOrderOfColumns_SameRanking()
    {
        var shop = Shop();
        var (normal, window) = (shop.Normal(), shop.Window("store", 0.1));
        var expected = RankByLoss.Rank(shop.Graph, normal, window, Front);

        var milliseconds = RankByLoss.Rank(shop.Graph, Map(normal, "", 1000), Map(window, "", 1000), Front);
        var renamed = RankByLoss.Rank(
            new ServiceGraph([], shop.Graph.Nodes.SelectMany(from => shop.Graph.Callees(from).Select(to => new ServiceLink($"x-{from}", ServiceEdge.Calls, $"x-{to}")))),
            Map(normal, "x-", 1), Map(window, "x-", 1), Front with { Node = "x-front" });

        Assert.Equal(expected.Select(node => (node.Id, Math.Round(node.Score, 3))), milliseconds.Select(node => (node.Id, Math.Round(node.Score, 3))));
        Assert.Equal(expected.Select(node => ($"x-{node.Id}", node.Score)), renamed.Select(node => (node.Id, node.Score)));
    }

    [Fact]
    public void CallsInACircle_End()
    {
        var graph = new ServiceGraph([], [new("front", ServiceEdge.Calls, "search"), new("search", ServiceEdge.Calls, "front"), new("front", ServiceEdge.Calls, "front")]);
        var normal = Latency(60, ("front", row => 1 + (0.01 * (row % 7))), ("search", row => 1 + (0.01 * (row % 5))));

        Assert.NotEmpty(RankByLoss.Rank(graph, normal, Latency(5, ("front", row => row == 2 ? 3 : 1), ("search", row => row == 2 ? 2 : 1)), Front));
    }

    [Fact]
    public void OtherStatistic_StandsInWhereTheOneAskedForIsNotThere()
    {
        var shop = Shop();

        Assert.Equal("pay", RankByLoss.Rank(shop.Graph, shop.Normal(), shop.Window("pay", 0.2), Front with { Statistic = "p99" })[0].Id);
    }

    private static double Deviation(MetricTable normal, MetricTable window, string node)
    {
        var column = new MetricColumn(node, "latency", "Average");
        var mean = normal[column].Average();
        return window[column].Max(value => value - mean) / Math.Sqrt(normal[column].Average(value => (value - mean) * (value - mean)));
    }

    // Columns turned round, since their order must not matter either.
    private static MetricTable Map(MetricTable table, string prefix, double factor) => new(table.Rows, table.Columns.Reverse().Select(column => KeyValuePair.Create(
        column with { Node = prefix + column.Node }, (IReadOnlyList<double>)[.. table[column].Select(value => column.Metric == "latency" ? value * factor : value)])));

    private static MetricTable Latency(int rows, params (string Node, Func<int, double> Value)[] nodes) => new(rows, nodes.Select(node =>
        KeyValuePair.Create(Front with { Node = node.Node }, (IReadOnlyList<double>)[.. Enumerable.Range(0, rows).Select(node.Value)])));

    private static MetricTable Table(int rows, params (string Node, Func<int, (double Available, double Requests)> Value)[] nodes) => new(rows, nodes.SelectMany(node => new[]
    {
        KeyValuePair.Create(new MetricColumn(node.Node, "availability", "Average"), (IReadOnlyList<double>)[.. Enumerable.Range(0, rows).Select(row => node.Value(row).Available)]),
        KeyValuePair.Create(new MetricColumn(node.Node, "requests", "Sum"), (IReadOnlyList<double>)[.. Enumerable.Range(0, rows).Select(row => node.Value(row).Requests)]),
    }));
}
