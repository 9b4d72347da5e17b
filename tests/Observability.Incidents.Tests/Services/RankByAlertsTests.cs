namespace Observability.Incidents.Tests.Services;

public sealed class RankByAlertsTests
{
    private static readonly string[] Signs = ["cpu up", "memory up", "threads up"];

    // Three services of three instances each on three hosts; front calls the other two.
    private static ServiceGraph Graph(string prefix = "")
    {
        string[] services = ["front", "cart", "mail"];
        return new ServiceGraph(
            services.SelectMany(service => Enumerable.Range(0, 3).Select(at => KeyValuePair.Create($"{prefix}{service}-{at}", "Instance")).Append(KeyValuePair.Create($"{prefix}{service}", "Service")))
                .Concat(Enumerable.Range(0, 3).Select(at => KeyValuePair.Create($"{prefix}host-{at}", "Host"))),
            services.SelectMany(service => Enumerable.Range(0, 3).SelectMany(at => new ServiceLink[]
            {
                new($"{prefix}{service}", ServiceEdge.Contains, $"{prefix}{service}-{at}"), new($"{prefix}host-{at}", ServiceEdge.Contains, $"{prefix}{service}-{at}"),
            })).Concat([new($"{prefix}front", ServiceEdge.Calls, $"{prefix}cart"), new($"{prefix}front", ServiceEdge.Calls, $"{prefix}mail")]));
    }

    [Fact]
    public void WhatIsAllAlike_IsBlamedAsAWhole()
    {
        var ranker = new RankByAlerts(Graph());

        Assert.Equal("cart-1", ranker.Rank(At("cart-1"))[0].Id);
        Assert.Equal("cart", ranker.Rank([.. At("cart-0"), .. At("cart-1"), .. At("cart-2")])[0].Id);
        Assert.Equal("host-2", ranker.Rank([.. At("front-2"), .. At("cart-2"), .. At("mail-2")])[0].Id);
        Assert.Equal("host-2", ranker.Rank([Metric("host-2", "disk used up")])[0].Id);
    }

    [Fact]
    public void WhatHasBeenFiringLately_IsNoNews()
    {
        var ranker = new RankByAlerts(Graph());
        for (var incident = 0; incident < 4; incident++)
            ranker.Remember(At("mail-0"));

        var ranking = ranker.Rank([.. At("mail-0"), Metric("cart-1", "cpu up"), Metric("cart-1", "memory up")]);

        Assert.Equal("cart-1", ranking[0].Id);
    }

    [Fact]
    public void RareAlert_WeighsMoreThanOneThatFiresNowAndThenAnywhere()
    {
        var ranker = new RankByAlerts(Graph());
        string[] nodes = ["front-0", "front-1", "front-2", "cart-0", "cart-1", "cart-2"];
        foreach (var node in nodes)
            ranker.Remember([Metric(node, "network up")]);

        Assert.Equal("mail-1", ranker.Rank([Metric("mail-0", "network up"), Metric("mail-1", "writes up")])[0].Id);
    }

    [Fact]
    public void SlowCallerOfASlowCallee_IsNotToBlame()
    {
        var ranker = new RankByAlerts(Graph());

        var ranking = ranker.Rank([Metric("front", "response time up"), Trace("front-0", "GET /"), Trace("front-1", "GET /"), Trace("front-2", "GET /"),
            Metric("cart", "response time up"), Trace("cart-0", "GetCart"), Trace("cart-1", "GetCart"), Trace("cart-2", "GetCart")]);

        Assert.Equal("cart", ranking[0].Id);
        Assert.Equal("front", ranker.Rank([Metric("front", "response time up")])[0].Id);
    }

    [Fact]
    public void SlowInstanceThatAsksASlowInstance_IsNotToBlame() =>
        Assert.Equal("cart-2", new RankByAlerts(Graph()).Rank([Trace("front-0", "GET /"), Trace("cart-2", "GetCart"), Metric("cart-2", "cpu up")])[0].Id);

    [Fact]
    public void OnlyInstanceOnAHost_SaysNothingOfTheHost()
    {
        var graph = new ServiceGraph([new("pod", "Instance"), new("other", "Instance"), new("host", "Host")], [new("host", ServiceEdge.Contains, "pod")]);

        Assert.Equal("pod", Assert.Single(new RankByAlerts(graph).Rank(At("pod"))).Id);
    }

    [Fact]
    public void ManyLinesOfOneEvent_DoNotOutweighSeveralSigns()
    {
        var ranker = new RankByAlerts(Graph());

        var ranking = ranker.Rank([.. Enumerable.Range(0, 30).Select(line => new ServiceAlert("mail-2", ServiceAlertSource.Log, $"template {line}", null)), .. At("cart-1")]);

        Assert.Equal(["cart-1", "mail-2"], ranking.Take(2).Select(node => node.Id));
    }

    [Fact]
    public void RepeatsOrderAndNames_ChangeNothing()
    {
        ServiceAlert[] alerts = [.. At("cart-1"), Trace("front-0", "GET /"), Metric("host-0", "disk used up"), new("mail-1", ServiceAlertSource.Log, "17", null)];
        var expected = Ranked(Graph(), alerts);

        Assert.Equal(expected, Ranked(Graph(), [.. alerts.Reverse(), .. alerts]));
        Assert.Equal(expected.Select(node => ($"x-{node.Id}", node.Score)), Ranked(Graph("x-"), [.. alerts.Select(alert => alert with { Entity = $"x-{alert.Entity}" })]));
    }

    [Fact]
    public void NoAlerts_NothingIsAnswered_AndAnUnknownEntityIs()
    {
        var ranker = new RankByAlerts(Graph());

        Assert.Empty(ranker.Rank([]));
        Assert.Equal("newcomer", Assert.Single(ranker.Rank([Metric("newcomer", "cpu up")])).Id);
        Assert.Equal("newcomer", Assert.Single(new RankByAlerts(new ServiceGraph([], [])).Rank([Metric("newcomer", "cpu up")])).Id);
    }

    [Fact]
    public void Evidence_SaysWhatFiredAndAtHowManyParts()
    {
        var ranking = new RankByAlerts(Graph()).Rank([.. At("cart-0"), .. At("cart-1"), .. At("cart-2")]);

        Assert.StartsWith("Metric: cpu up at 3 of 3 parts (log-likelihood ratio ", ranking[0].Evidence[0], StringComparison.Ordinal);
        Assert.Equal(3, ranking[0].Evidence.Count);
    }

    [Fact]
    public void Memory_ForgetsWhatNoLongerFires()
    {
        var memory = new AlertMemory(3, new AlertRankingOptions());
        for (var incident = 0; incident < 1000; incident++)
            memory.Add([($"pod-{incident}", "Instance", new AlertKind(ServiceAlertSource.Metric, "cpu up"))]);

        Assert.InRange(memory.Count, 1, 25);
    }

    private static IEnumerable<(string Id, double Score)> Ranked(ServiceGraph graph, ServiceAlert[] alerts) => [.. new RankByAlerts(graph).Rank(alerts).Select(node => (node.Id, node.Score))];

    private static ServiceAlert[] At(string node) => [.. Signs.Select(sign => Metric(node, sign))];

    private static ServiceAlert Metric(string node, string type) => new(node, ServiceAlertSource.Metric, type, Make.At(0));

    private static ServiceAlert Trace(string node, string type) => new(node, ServiceAlertSource.Trace, $"slow {type}", Make.At(0));
}
