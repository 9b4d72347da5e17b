using Observability.Model;
using Observability.Server;
using Observability.Simulator;

namespace Observability.Scenarios.Tests;

/// <summary>Switches that speak: the same culprits as without them, with what the other end of the cable saw as evidence.</summary>
public sealed class FabricTelemetryTests
{
    private static readonly DateTimeOffset Start = SmallRun.Start;

    [Fact]
    public async Task SlowAdapter_KeepsItsVerdict_AndItsIncidentNamesTheSwitchPort()
    {
        await using var run = await StartAsync();
        var nic = new EntityId(EntityKind.Nic, "node-003/mlx5_2");
        run.Fleet.Inject(new FaultSpec("one", FaultClass.SlowNic, nic, Start.AddSeconds(120), TimeSpan.FromSeconds(300)));

        await run.RunUntilAsync(Start.AddSeconds(240), CancellationToken.None);

        var view = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values);
        Assert.Equal((VerdictKind.Hardware, FaultClass.SlowNic, (EntityId?)nic), (view.Incident.Verdict!.Kind, view.Incident.Verdict.FaultClass, view.Incident.Verdict.Entity));
        var port = Assert.Single(AlertsOf(run, view), alert => alert.Name == "SwitchPortErrors");
        Assert.Equal(("leaf-0-r2", "swp4", "node-003", "mlx5_2"), (port.Labels["switch"], port.Labels["interface"], port.Labels["node"], port.Labels["device"]));
    }

    [Theory]
    [InlineData(FaultClass.LeafFlap)]
    [InlineData(FaultKinds.LeafDown)]
    public async Task LeafThatFails_IsOneIncidentAboutTheLeaf_WithTheWordOfItsPorts(string kind)
    {
        await using var run = await StartAsync();
        var leaf = new EntityId(EntityKind.Switch, "leaf-0-r2");
        run.Fleet.Inject(new FaultSpec("one", kind, leaf, Start.AddSeconds(120), TimeSpan.FromSeconds(150)));

        await run.RunUntilAsync(Start.AddSeconds(260), CancellationToken.None);

        var view = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values, view => view.Incident.State != IncidentState.Merged);
        Assert.Equal((FaultClass.LeafFlap, (EntityId?)leaf), (view.Incident.Verdict!.FaultClass, view.Incident.Verdict.Entity));
        Assert.Contains(AlertsOf(run, view), alert => alert.Name == (kind == FaultKinds.LeafDown ? "SwitchSilent" : "SwitchPortDown"));
        Assert.Empty(run.Cluster.Cordons);
    }

    private static Task<DemoRun> StartAsync() => SmallRun.StartAsync(FleetTelemetry.Switches | FleetTelemetry.Optics);

    private static IEnumerable<Alert> AlertsOf(DemoRun run, IncidentView view) => view.Alerts.Select(one => run.Platform.Snapshots.Current.Alerts.GetValueOrDefault(one)?.Alert).OfType<Alert>();
}
