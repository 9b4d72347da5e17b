using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Switches that speak for themselves: what each fault of a link, an adapter or a switch looks like from the other end.</summary>
public sealed class SwitchTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet(nodes: 16, telemetry: FleetTelemetry.Switches).After(60);

    [Fact]
    public void Topology_HasACableBetweenEachAdapterAndItsPort_OnlyWhereSwitchesSpeak()
    {
        var shape = _world.Fleet.Topology();

        var cable = shape.Entities.Single(entity => entity.Id == new EntityId(EntityKind.Cable, "leaf-0-r2/swp4"));
        Assert.Equal(("leaf-0-r2", "swp4", "node-003", "mlx5_2"), (cable.Attributes["a"], cable.Attributes["a_port"], cable.Attributes["b"], cable.Attributes["b_port"]));
        Assert.Contains(shape.Edges, edge => edge is { Kind: EdgeKind.Connects, From.Name: "node-003/mlx5_2" } && edge.To == cable.Id);
        Assert.Contains(shape.Edges, edge => edge is { Kind: EdgeKind.Connects, To.Name: "leaf-0-r2" } && edge.From == cable.Id);
        Assert.Equal(16 * 8, shape.Entities.Count(entity => entity.Id.Kind == EntityKind.Cable));
        Assert.DoesNotContain(new SimulatedFleet().Fleet.Topology().Entities, entity => entity.Id.Kind == EntityKind.Cable);
    }

    [Fact]
    public void HealthyFleet_CarriesTheTrafficOfItsAdapters_AndHasNoErrors()
    {
        var before = Values("leaf-0-r2", "ifHCInOctets");
        _world.After(10);

        var gained = Values("leaf-0-r2", "ifHCInOctets").Select(port => (port.Key, Value: port.Value - before[port.Key])).ToDictionary(port => port.Key, port => port.Value);
        Assert.Equal(17, gained.Count);
        Assert.All(gained.Where(port => port.Key is not ("swp15" or "swp16" or "swp17")), port => Assert.InRange(port.Value, 1e10, 5e10));
        Assert.Equal(gained.Where(port => port.Key != "swp17").Sum(port => port.Value), gained["swp17"], tolerance: 1_000);
        Assert.Equal(gained["swp17"], Values("spine-r2", "ifHCInOctets")["swp1"] - before["swp17"], tolerance: 1_000);
        foreach (var name in (string[])["nvswitch_interface_dot3_stats_symbol_errors", "nvswitch_interface_pg_rx_pause", "nvswitch_interface_tc_tx_ecn_marked_tc", "ifOutDiscards"])
            Assert.All(Values("leaf-0-r2", name), port => Assert.Equal(0, port.Value));
    }

    [Fact]
    public void SlowNic_ShowsAsErrorsOnItsPortAlone()
    {
        _world.Inject(FaultClass.SlowNic, _world.Nic(3, 2).Id);
        _world.After(60);

        Assert.All(Values("leaf-0-r2", "nvswitch_interface_dot3_stats_symbol_errors"), port => Assert.Equal(port.Key == "swp4", port.Value > 500));
        Assert.True(Values("leaf-0-r2", "ifInErrors")["swp4"] > 100);
    }

    [Fact]
    public void NicDown_IsAPortThatIsDown_AndDiscardsWhatIsSentThere()
    {
        _world.Inject(FaultKinds.NicDown, _world.Nic(3, 2).Id);
        _world.After(20);

        Assert.All(Values("leaf-0-r2", "ifOperStatus"), port => Assert.Equal(port.Key == "swp4" ? 2 : 1, port.Value));
        Assert.True(Values("leaf-0-r2", "nvswitch_interface_discards_egress_link_down")["swp4"] > 1_000);
        Assert.Equal(1, Values("leaf-0-r2", "node_network_carrier_down_changes_total")["swp4"]);
    }

    [Fact]
    public void LinkFlap_IsCountedEachTime()
    {
        _world.Inject(FaultKinds.LinkFlap, _world.Nic(3, 2).Id, seconds: 300);
        _world.After(301);

        Assert.Equal(_world.Nic(3, 2).LinkDowned, Values("leaf-0-r2", "node_network_carrier_down_changes_total")["swp4"]);
    }

    [Fact]
    public void LeafDown_IsSilent_AndItsSpineSeesThePortDown()
    {
        _world.Inject(FaultKinds.LeafDown, new EntityId(EntityKind.Switch, "leaf-0-r2"), seconds: 60);
        _world.After(20);

        Assert.True(_world.Fleet.Switch("leaf-0-r2")!.Down);
        Assert.Equal(2, Values("spine-r2", "ifOperStatus")["swp1"]);
        Assert.Equal(1, Values("spine-r3", "ifOperStatus")["swp1"]);
        _world.After(60);
        Assert.Equal((false, 1), (_world.Fleet.Switch("leaf-0-r2")!.Down, Values("spine-r2", "ifOperStatus")["swp1"]));
    }

    [Fact]
    public void Congestion_MarksPacketsOnTheWholeRailAndOnItsSpine()
    {
        _world.Inject(FaultKinds.Congestion, new EntityId(EntityKind.Switch, "spine-r2"));
        _world.After(10);

        Assert.All(Values("leaf-0-r2", "nvswitch_interface_tc_tx_ecn_marked_tc"), port => Assert.True(port.Value > 100_000, port.Key));
        Assert.True(Values("spine-r2", "nvswitch_interface_tc_tx_ecn_marked_tc")["swp1"] > 1e6);
        Assert.All(Values("leaf-0-r3", "nvswitch_interface_tc_tx_ecn_marked_tc"), port => Assert.Equal(0, port.Value));
    }

    [Fact]
    public void NarrowedSlot_PausesItsPort()
    {
        _world.Inject(FaultClass.PcieWidthLoss, _world.Gpu(3, 2).Id);
        _world.After(10);

        Assert.All(Values("leaf-0-r2", "nvswitch_interface_pg_rx_pause"), port => Assert.Equal(port.Key is "swp4" or "swp17", port.Value > 10_000));
    }

    [Fact]
    public void DriverReload_LeavesTheSwitchsCounterAlone()
    {
        _world.Inject(FaultClass.SlowNic, _world.Nic(3, 2).Id, seconds: 30);
        _world.After(40);
        var before = Values("leaf-0-r2", "nvswitch_interface_dot3_stats_symbol_errors")["swp4"];
        _world.Fleet.SimNodes[3].Boot(_world.Fleet.Now);
        _world.After(10);

        Assert.Equal(before, Values("leaf-0-r2", "nvswitch_interface_dot3_stats_symbol_errors")["swp4"]);
    }

    private Dictionary<string, double> Values(string name, string family)
    {
        var text = new ExpositionWriter();
        SwitchExporter.Read(_world.Fleet.Switch(name)!, _world.Fleet, text);
        return Scrape.Of(text.ToString()).Samples.Where(sample => sample.Name == family)
            .ToDictionary(sample => sample.Labels.GetValueOrDefault("interface") ?? sample.Labels.GetValueOrDefault("ifName") ?? sample.Labels["device"], sample => sample.Value);
    }
}
