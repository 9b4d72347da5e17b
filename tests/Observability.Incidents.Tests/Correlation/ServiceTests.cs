using Observability.Model;

namespace Observability.Incidents.Tests.Correlation;

/// <summary>Which services' alerts are one incident.</summary>
public sealed class ServiceTests
{
    // front calls cart and mail; cart calls stock, stock calls db; a far end lies five calls below front; search calls db as stock does.
    private readonly TopologyView _shop = Make.Shop(
        ("front", "cart"), ("front", "mail"), ("cart", "stock"), ("stock", "db"), ("db", "disk"), ("disk", "raid"), ("search", "db"), ("blog", "cms"));

    [Theory]
    [InlineData("front", "cart", true)]
    [InlineData("db", "front", true)] // three calls, the callee first
    [InlineData("front", "disk", false)] // four
    [InlineData("cart", "mail", false)] // two that the same one calls
    [InlineData("stock", "search", false)] // two that call the same one
    [InlineData("front", "blog", false)]
    public void TwoServices_AreOneIncidentWhereOneCallsTheOtherOverFewHops(string first, string second, bool together) =>
        Assert.Equal(together ? 1 : 2, new Correlator(_shop).Fire(Make.Slow(first, 0), Make.Slow(second, 20)).Until(90).Members.Count);

    [Fact]
    public void Services_SayWhatJoinsThem()
    {
        var run = new Correlator(_shop).Fire(Make.Slow("front", 0), Make.Slow("db", 5), Make.Slow("cart", 6), Make.Slow("front", 7, "FrontErrors")).Until(60);

        Assert.Equal(
            ["Slow: opened by Slow", "Slow: is called by front over 2 more", "Slow: is called by front", "FrontErrors: same front"],
            run.Changes.Where(change => change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined).Select(change => change.Reason));
    }

    [Fact]
    public void ServiceInTheMiddle_JoinsWhatItConnects_InEveryOrder()
    {
        // front and raid are five calls apart; stock is two from the one and three from the other.
        Alert[] alerts = [Make.Slow("front", 0), Make.Slow("stock", 1), Make.Slow("raid", 2), Make.Slow("blog", 3)];
        foreach (var order in Orders(alerts))
            Assert.Equal(["Slow@service:blog", "Slow@service:front Slow@service:raid Slow@service:stock"], new Correlator(_shop).FireAt(5, order).Until(90).Groups);
    }

    [Fact]
    public void NeighbourLongAfter_IsAnIncidentOfItsOwn()
    {
        var run = new Correlator(_shop).Fire(Make.Slow("cart", 0), Make.Slow("stock", 700), Make.Slow("front", 1500), Make.Slow("stock", 1501, "StockErrors")).Until(1600);

        Assert.Equal(["Slow@service:cart Slow@service:stock StockErrors@service:stock", "Slow@service:front"], run.Groups);
    }

    [Fact]
    public void BudgetThatBurns_IsNoService()
    {
        var budget = Make.Alert(new EntityId(EntityKind.Service, "front"), "Burn", ("", "warning"), 5, origin: AlertOrigin.Slo);

        Assert.Equal("Burn: burns a budget meanwhile", new Correlator(_shop).Fire(Make.Slow("blog", 0), budget).Until(60).Changes.Last(change => change.Kind == IncidentChangeKind.AlertJoined).Reason);
    }

    private static IEnumerable<IEnumerable<Alert>> Orders(Alert[] alerts) => alerts.Length <= 1
        ? [alerts]
        : alerts.SelectMany(first => Orders([.. alerts.Where(alert => alert != first)]).Select(rest => rest.Prepend(first)));
}
