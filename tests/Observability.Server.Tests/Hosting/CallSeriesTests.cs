using Observability.Model;

namespace Observability.Server.Tests.Hosting;

public sealed class CallSeriesTests
{
    [Fact]
    public async Task ServiceGraphSeries_ThatAreScraped_SayWhoCallsWhom()
    {
        await using var targets = await FakeTargets.StartAsync();
        targets.Serve("/metrics", """
            traces_service_graph_request_total{client="front",server="cart"} 12
            traces_service_graph_request_total{client="cart",server="redis",connection_type="database"} 5
            traces_service_graph_request_total{client="user",server="front",connection_type="virtual_node"} 12
            traces_service_graph_request_total{client="front",server="unknown",connection_type="virtual_node"} 1
            service_call_info{client="cart",server="kafka@queue",system="kafka",node="node-017"} 1
            service_call_info{client="front",server="cart",node="node-018"} 1

            """);
        await using var world = await World.StartAsync(options => options.Collect.Targets = [new TargetOptions { Url = $"{targets.Url}/metrics", Job = "collector", Node = "gateway" }]);

        await world.StepAsync(60);

        var graph = world.Snapshot.Topology;
        var edges = graph.Entities.Keys.SelectMany(id => graph.Out(id, EdgeKind.Calls).Select(to => $"{id} > {to}"));
        Assert.Equal(["service:cart > service:kafka@queue", "service:cart > service:redis", "service:front > service:cart"], edges.Order(StringComparer.Ordinal));
        Assert.Equal("database", graph.Find(new EntityId(EntityKind.Service, "redis"))!.Attributes["system"]);
        Assert.Equal("kafka", graph.Find(new EntityId(EntityKind.Service, "kafka@queue"))!.Attributes["system"]);
    }
}
