using Observability.Model;

namespace Observability.Collectors.Tests.Calls;

public sealed class CallGraphTests
{
    private readonly World _world = new();

    [Fact]
    public void Calls_ThatAreNew_BecomeServicesAndEdgesOnce()
    {
        var calls = new CallGraph(_world, new CallGraphOptions());

        calls.See([new("front", "cart"), new("cart", "redis@c1", "redis"), new("cart", "cart")], World.Start);
        calls.See([new("front", "cart")], World.Start.AddMinutes(1));

        var change = Assert.Single(_world.Changes);
        Assert.Equal(("calls", World.Start), (change.Source, change.At));
        Assert.Equal(["service:front", "service:cart", "service:redis@c1"], change.Entities.Select(entity => entity.Id.ToString()));
        Assert.Equal(["service:front Calls service:cart", "service:cart Calls service:redis@c1"], Shown(change));
        Assert.Equal(["", "", "redis"], change.Entities.Select(entity => entity.Attributes["system"]));
        Assert.Equal("service:cart", Topology.Empty.Apply(change).Locate(LabelSet.Of(("service", "cart"), ("instance", "10.0.0.7:80"))).ToString());
    }

    [Fact]
    public void Call_NotSeenForLong_EndsAndTakesALonelyServiceAlong()
    {
        var calls = new CallGraph(_world, new CallGraphOptions { ForgetAfter = TimeSpan.FromHours(1) });
        calls.See([new("front", "cart"), new("front", "mail")], World.Start);
        calls.See([new("front", "cart")], World.Start.AddMinutes(30));

        calls.RunDue(World.Start.AddMinutes(60));
        Assert.Single(_world.Changes);
        calls.RunDue(World.Start.AddMinutes(61));

        var graph = _world.Changes.Aggregate(Topology.Empty, (known, change) => known.Apply(change));
        Assert.Equal(["service:cart", "service:front"], graph.Entities.Keys.Order().Select(id => id.ToString()));
        Assert.Equal("service:cart", Assert.Single(graph.Out(new EntityId(EntityKind.Service, "front"), EdgeKind.Calls)).ToString());
        Assert.Equal(["service:mail"], _world.Changes[1].Removed.Select(id => id.ToString()));
    }

    [Fact]
    public void Restart_GoesOnWithWhatTheJournalKnows()
    {
        new CallGraph(_world, new CallGraphOptions()).See([new("front", "cart")], World.Start);
        var stated = new EntityId(EntityKind.Service, "stated");
        var before = Topology.Empty.Apply(_world.Changes[0]).Apply(new TopologyChange(World.Start, "file", [new Entity(stated, "stated", LabelSet.Empty)],
            [new TopologyEdge(stated, EdgeKind.Calls, new EntityId(EntityKind.Service, "other"), World.Start)]));
        _world.Changes.Clear();
        var calls = new CallGraph(_world, new CallGraphOptions { ForgetAfter = TimeSpan.FromHours(1) });
        var rest = calls.Resume(before.ToChange(World.Start, ""), World.Start.AddHours(5));
        // A file that has no learnt services must not take them away.
        Assert.Equal(("service:stated", "service:stated Calls service:other"), (Assert.Single(rest.Entities).Id.ToString(), Assert.Single(Shown(rest))));

        calls.See([new("front", "cart")], World.Start.AddHours(5));
        calls.RunDue(World.Start.AddHours(5.5));
        Assert.Empty(_world.Changes);
        calls.RunDue(World.Start.AddHours(6.1));

        // What a file states is not for spans to end.
        var after = before.Apply(Assert.Single(_world.Changes));
        Assert.Equal(["service:stated"], after.Entities.Keys.Select(id => id.ToString()));
        Assert.Single(after.Out(stated, EdgeKind.Calls));
    }

    [Fact]
    public void Calls_PastTheLimit_AreRefused()
    {
        var calls = new CallGraph(_world, new CallGraphOptions { CallLimit = 2 });

        calls.See([new("a", "b"), new("a", "c"), new("a", "d"), new("a", new string('x', 201)), new("", "b")], World.Start);

        Assert.Equal(["service:a Calls service:b", "service:a Calls service:c"], Shown(Assert.Single(_world.Changes)));
    }

    private static IEnumerable<string> Shown(TopologyChange change) => change.Edges.Select(edge => $"{edge.From} {edge.Kind} {edge.To}");
}
