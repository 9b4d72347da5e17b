namespace Observability.Incidents.Tests.Services;

public sealed class ServiceGraphTests
{
    private static readonly ServiceGraph Graph = new(
        [new("front", "Service"), new("front", "Host"), new("cart-0", "Instance")],
        [new("front", ServiceEdge.Calls, "cart"), new("front", ServiceEdge.Calls, "cart"), new("cart", ServiceEdge.Contains, "cart-0"), new("cart", ServiceEdge.Calls, "front"), new("cart", ServiceEdge.Calls, "cart")]);

    [Fact]
    public void Links_AreWalkedBothWays_OnceEach_AndNeverToTheNodeItself()
    {
        Assert.Equal(["cart"], Graph.Callees("front"));
        Assert.Equal(["cart"], Graph.Callers("front"));
        Assert.Equal(["front"], Graph.Callees("cart"));
        Assert.Equal(["cart-0"], Graph.Parts("cart"));
        Assert.Equal(["cart"], Graph.Wholes("cart-0"));
        Assert.Empty(Graph.Callees("nobody"));
    }

    [Fact]
    public void Nodes_HaveTheirFirstKind_AndThoseOfLinksNone()
    {
        Assert.Equal(["cart", "cart-0", "front"], Graph.Nodes);
        Assert.Equal(("Service", "Instance", "", ""), (Graph.KindOf("front"), Graph.KindOf("cart-0"), Graph.KindOf("cart"), Graph.KindOf("nobody")));
        Assert.Equal(1, Graph.Kinds["Service"]);
    }

    [Fact]
    public void Below_IsEverythingANodeDependsOn_NearestFirst_InACircleToo() => Assert.Equal(["front", "cart", "cart-0"], Graph.Below("front"));
}
