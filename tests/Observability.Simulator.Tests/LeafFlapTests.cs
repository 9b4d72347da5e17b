using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>A leaf switch flaps: one cause, thirty-two nodes.</summary>
public sealed class LeafFlapTests
{
    private static readonly EntityId Leaf = new(EntityKind.Switch, "leaf-0-r2");

    [Fact]
    public void LeafFlap_TouchesTheThirtyTwoAdaptersOfItsRailAndNoOther()
    {
        var world = new SimulatedFleet(nodes: 40).After(60);
        world.Inject(FaultClass.LeafFlap, Leaf, seconds: 210);
        world.After(1);

        var down = world.Fleet.SimNodes.SelectMany(node => node.Nics).Where(nic => nic.Down).ToArray();
        Assert.Equal(Enumerable.Range(0, 32).Select(node => $"node-{node:000}/mlx5_2"), down.Select(nic => nic.Id.Name));
        Assert.All(Enumerable.Range(0, 32), node => Assert.Equal(["mlx5_core 0000:3e:00.0: mlx5_2: Link down"], world.KernelMessages(node)));
        Assert.Empty(world.KernelMessages(32));
        var port = Scrape.Node(world, 31);
        Assert.Equal((1, 2, 1), (port.Value("node_infiniband_state_id", 2), port.Value("node_infiniband_physical_state_id", 2), port.Value("node_infiniband_link_downed_total", 2)));
        Assert.Equal((4, 5, 0), (port.Value("node_infiniband_state_id", 3), port.Value("node_infiniband_physical_state_id", 3), port.Value("node_infiniband_link_downed_total", 3)));
    }

    [Fact]
    public void LeafFlap_GoesDownForTwelveSecondsEveryTwentySeven_FourToSixTimes()
    {
        var world = new SimulatedFleet().After(60);
        world.Inject(FaultClass.LeafFlap, Leaf, seconds: 210);
        var states = Enumerable.Range(0, 209).Select(_ => world.After(1).Nic(0, 2).Down ? 'v' : '.').ToArray();

        var text = new string(states);
        Assert.Matches("^(v{12}\\.{15}){4,6}\\.+$", text);
        Assert.Equal(text.Split("v.").Length - 1, world.Nic(0, 2).LinkDowned);
        Assert.Equal(world.KernelMessages(0).Count(line => line.EndsWith("Link down", StringComparison.Ordinal)), world.KernelMessages(0).Count(line => line.EndsWith("Link up", StringComparison.Ordinal)));
    }

    [Fact]
    public void LeafFlap_ThatEndsWhileDown_LeavesEveryLinkUpAndFlapsNoMore()
    {
        var world = new SimulatedFleet().After(60);
        world.Inject(FaultClass.LeafFlap, Leaf, seconds: 5);

        world.After(7);
        var ups = world.KernelMessages(0);
        world.After(200);

        Assert.Equal(["mlx5_core 0000:3e:00.0: mlx5_2: Link down", "mlx5_core 0000:3e:00.0: mlx5_2: Link up"], ups);
        Assert.Equal(ups, world.KernelMessages(0));
        Assert.Equal(1, world.Nic(0, 2).LinkDowned);
    }

    [Fact]
    public void LeafFlap_JobsWaitAndGoOn_WithoutAStart()
    {
        var world = new SimulatedFleet().After(60);
        world.Inject(FaultClass.LeafFlap, Leaf, seconds: 210);

        Assert.False(world.After(3).Job("llm-70b").IsRunning);
        Assert.True(world.After(12).Job("llm-70b").IsRunning);
        Assert.Equal(1, world.After(300).Job("llm-70b").Generation);
    }
}
