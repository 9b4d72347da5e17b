using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>Light: healthy modules stay away from their limits, a dying laser shows at both ends of its cable.</summary>
public sealed class OpticTests
{
    private readonly SimulatedFleet _world = new SimulatedFleet(nodes: 16, telemetry: FleetTelemetry.Switches | FleetTelemetry.Optics).After(60);

    [Fact]
    public void HealthyModules_AreWellAboveTheirLimits_AndDiffer()
    {
        var light = _world.Fleet.SimNodes.SelectMany(node => Dbm(Node(node.Index), "rx_power")).ToArray();

        Assert.Equal(16 * 8 * Optic.Lanes, light.Length);
        Assert.Equal(-1.5, light.Average(), tolerance: 0.15);
        Assert.All(light, dbm => Assert.InRange(dbm, Optic.LowWarning + 1, 2));
        Assert.True(light.Max() - light.Min() > 1.5);
    }

    [Fact]
    public void OpticsDegradation_ReceivesLessAndLess_WhileTheOtherEndsLaserIsDrivenHarder()
    {
        _world.Inject(FaultKinds.OpticsDegradation, _world.Nic(3, 2).Id, seconds: 1_000);
        double Weakest() => Dbm(Node(3), "rx_power", "mlx5_2").Min();
        var healthy = (Light: Weakest(), Bias: Bias());

        var half = (Light: Weakest2(450), Bias: Bias());
        var late = (Light: Weakest2(450), Bias: Bias());

        Assert.InRange(half.Light, Optic.LowWarning - 1.5, Optic.LowWarning + 1.8);
        Assert.InRange(late.Light, Optic.LowAlarm - 3, Optic.LowAlarm + 1);
        Assert.True(healthy.Bias + 10 < half.Bias && half.Bias + 10 < late.Bias, $"{healthy.Bias} {half.Bias} {late.Bias}");
        Assert.All(Dbm(Node(3), "rx_power", "mlx5_1"), dbm => Assert.True(dbm > Optic.LowWarning));
        Assert.Equal(healthy.Light, Weakest2(200), tolerance: 0.4);

        double Weakest2(double seconds)
        {
            _world.After(seconds);
            return Weakest();
        }

        double Bias() => Switch("leaf-0-r2").Samples.Where(sample => sample.Name.EndsWith("bias_current_milliamperes", StringComparison.Ordinal) && sample.Labels["interface"] == "swp4").Max(sample => sample.Value);
    }

    [Fact]
    public void NodeThatIsOff_LeavesItsPortsDark()
    {
        _world.Inject(FaultClass.NodeDown, new EntityId(EntityKind.Node, "node-003"));
        _world.After(5);

        Assert.All(Dbm(Switch("leaf-0-r2"), "rx_power", "swp4"), dbm => Assert.Equal(-30, dbm, tolerance: 0.3));
    }

    private Scrape Node(int index)
    {
        var text = new ExpositionWriter();
        Exporters.Read(_world.Fleet.SimNodes[index], Exporters.Transceiver, _world.Fleet, text);
        return Scrape.Of(text.ToString());
    }

    private Scrape Switch(string name)
    {
        var text = new ExpositionWriter();
        SwitchExporter.Read(_world.Fleet.Switch(name)!, _world.Fleet, text);
        return Scrape.Of(text.ToString());
    }

    private static IEnumerable<double> Dbm(Scrape scrape, string what, string? port = null) => scrape.Samples
        .Where(sample => sample.Name == $"transceiver_exporter_laser_{what}_milliwatts" && (port is null || sample.Labels["interface"] == port))
        .Select(sample => 10 * Math.Log10(sample.Value));
}
