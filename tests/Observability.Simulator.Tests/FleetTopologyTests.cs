using Observability.Model;

namespace Observability.Simulator.Tests;

public sealed class FleetTopologyTests
{
    private static readonly TopologyChange Sixty = new SimulatedFleet(nodes: 66).Fleet.Topology();

    [Theory]
    [InlineData(EntityKind.Node, 66)]
    [InlineData(EntityKind.Gpu, 528)]
    [InlineData(EntityKind.Nic, 528)]
    [InlineData(EntityKind.Rack, 17)]
    [InlineData(EntityKind.Pdu, 9)]
    [InlineData(EntityKind.Switch, 32)]
    [InlineData(EntityKind.Job, 3)]
    [InlineData(EntityKind.Rank, 488)]
    [InlineData(EntityKind.Monitor, 132)]
    public void Topology_SixtySixNodes_HasSoManyOfEachKind(EntityKind kind, int count)
    {
        Assert.Equal(count, Sixty.Entities.Count(entity => entity.Id.Kind == kind));
    }

    [Fact]
    public void Topology_EntitiesAndEdges_AreSaidOnceAndLeadSomewhere()
    {
        var known = Sixty.Entities.Select(entity => entity.Id).ToHashSet();

        Assert.Equal(Sixty.Entities.Length, known.Count);
        Assert.Equal(Sixty.Edges.Length, Sixty.Edges.Distinct().Count());
        Assert.Empty(Sixty.Edges.Where(edge => !known.Contains(edge.From) || !known.Contains(edge.To)));
    }

    [Fact]
    public void Rail_EveryAdapterWithAnIndex_MeetsItsUnitsLeafOfThatRail()
    {
        var leaves = Sixty.Edges.Where(edge => edge.Kind == EdgeKind.Connects && edge.From.Kind == EntityKind.Nic)
            .GroupBy(edge => edge.To.Name).ToDictionary(leaf => leaf.Key, leaf => leaf.Select(edge => edge.From.Name).ToArray());

        Assert.Equal(24, leaves.Count);
        Assert.Equal(Enumerable.Range(32, 32).Select(node => $"node-{node:000}/mlx5_5"), leaves["leaf-1-r5"].Order(StringComparer.Ordinal));
        Assert.Equal(["node-064/mlx5_0", "node-065/mlx5_0"], leaves["leaf-2-r0"].Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rail_LeavesOfARail_MeetAtItsSpine()
    {
        var spines = Sixty.Edges.Where(edge => edge.From.Kind == EntityKind.Switch).GroupBy(edge => edge.To.Name)
            .ToDictionary(spine => spine.Key, spine => spine.Select(edge => edge.From.Name).Order(StringComparer.Ordinal).ToArray());

        Assert.Equal(8, spines.Count);
        Assert.Equal(["leaf-0-r3", "leaf-1-r3", "leaf-2-r3"], spines["spine-r3"]);
    }

    [Fact]
    public void Rack_FourNodesEach_AndTwoRacksPerPdu()
    {
        Assert.Equal("rack-001", Parent(new EntityId(EntityKind.Node, "node-007")));
        Assert.Equal("rack-002", Parent(new EntityId(EntityKind.Node, "node-008")));
        Assert.Equal("pdu-000", Parent(new EntityId(EntityKind.Rack, "rack-001")));
        Assert.Equal("pdu-001", Parent(new EntityId(EntityKind.Rack, "rack-002")));
    }

    [Fact]
    public void Rank_AfterItsNodeWasEvicted_RunsOnTheSpare()
    {
        var world = new SimulatedFleet();
        world.Fleet.Evict("training", "llm-70b-node-000", world.Fleet.Now);

        var edge = world.Fleet.Topology().Edges.Single(edge => edge.Kind == EdgeKind.RunsOn && edge.From.Name == "llm-70b/0");

        Assert.Equal(world.Gpu(14, 0).Id, edge.To);
    }

    private static string Parent(EntityId child) => Sixty.Edges.Single(edge => edge.Kind == EdgeKind.PartOf && edge.From == child).To.Name;
}
