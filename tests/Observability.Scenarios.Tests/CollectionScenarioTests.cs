using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.Scenarios.Tests;

/// <summary>Clocks that are off and answers that come late: nobody is blamed for them, and a real fault beside them keeps its culprit and its order.</summary>
public sealed class CollectionScenarioTests
{
    private static readonly DateTimeOffset Start = SmallRun.Start;
    private static readonly EntityId Node = new(EntityKind.Node, "node-001");

    [Fact]
    public async Task NothingButClocksAndDelays_OpensNoIncidentAboutTheFleetAndCordonsNothing()
    {
        await using var run = await StartAsync();
        run.Fleet.Inject(new FaultSpec("skew", FaultKinds.ClockSkew, Node, Start.AddSeconds(60), TimeSpan.FromSeconds(400)));
        run.Fleet.Inject(new FaultSpec("ahead", FaultKinds.ClockSkew, new EntityId(EntityKind.Node, "node-004"), Start.AddSeconds(60), TimeSpan.FromSeconds(400)));
        run.Fleet.Inject(new FaultSpec("late", FaultKinds.LateSamples, new EntityId(EntityKind.Monitor, "node-002/dcgm"), Start.AddSeconds(90), TimeSpan.FromSeconds(300)));
        run.Fleet.Inject(new FaultSpec("logs", FaultKinds.LateLogs, new EntityId(EntityKind.Node, "node-003"), Start.AddSeconds(90), TimeSpan.FromSeconds(300)));
        // While one exporter tells of a minute ago, its job stops and starts: the others are idle before it is, and busy before it is.
        run.Fleet.Inject(new FaultSpec("restart", FaultKinds.JobRestart, new EntityId(EntityKind.Job, "llm-70b"), Start.AddSeconds(200), TimeSpan.FromSeconds(60)));

        await run.RunUntilAsync(Start.AddSeconds(520), CancellationToken.None);

        var incidents = run.Platform.Snapshots.Current.Incidents.Values.Select(view => view.Incident).ToArray();
        Assert.DoesNotContain(incidents, incident => incident.Verdict is { Kind: VerdictKind.Hardware });
        Assert.All(incidents, incident => Assert.Contains(incident.Entities, entity => entity.Kind is EntityKind.Monitor or EntityKind.Job));
        Assert.Empty(run.Cluster.Cordons);
        Assert.Equal(4, run.Fleet.Negatives.Count(one => FaultKinds.Collection.Contains(one.Kind)));
    }

    // Of these names the first sets the clock ahead, the second behind; the test asks the platform whether that is so.
    [Theory]
    [InlineData("ahead", 1)]
    [InlineData("behind", -1)]
    public async Task GpuOffTheBus_OnANodeWhoseClockIsOff_HasItsCulpritItsTimeAndItsOrder(string id, int sign)
    {
        await using var run = await StartAsync();
        var gpu = run.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        run.Fleet.Inject(new FaultSpec(id, FaultKinds.ClockSkew, Node, Start.AddSeconds(30), TimeSpan.FromSeconds(600)));
        run.Fleet.Inject(new FaultSpec("gpu", FaultClass.GpuOffBus, gpu, Start.AddSeconds(120), TimeSpan.FromSeconds(200)));

        await run.RunUntilAsync(Start.AddSeconds(240), CancellationToken.None);

        var offset = await OffsetAsync(run);
        Assert.InRange(offset * sign, 19.5, 240.5);
        var incident = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values).Incident;
        Assert.Equal((VerdictKind.Hardware, FaultClass.GpuOffBus, (EntityId?)gpu), (incident.Verdict!.Kind, incident.Verdict.FaultClass, incident.Verdict.Entity));
        // The kernel's line is where it belongs: at the second of the fault, before every symptom.
        Assert.Equal(Start.AddSeconds(120), incident.StartedAt, TimeSpan.FromSeconds(1.5));
        var snapshot = run.Platform.Snapshots.Current;
        var alerts = snapshot.Incidents.Values.Single().Alerts.Select(one => snapshot.Alerts.GetValueOrDefault(one)?.Alert).OfType<Alert>().OrderBy(alert => alert.StartsAt).ToArray();
        // That the clock is off stands in the incident as context.
        Assert.Contains(alerts, alert => alert.Name == "NodeClockOff");
        Assert.Equal(("Xid79", incident.StartedAt), alerts.Where(alert => alert.Name != "NodeClockOff").Select(alert => (alert.Name, alert.StartsAt)).First());
        Assert.Equal(["node-001"], run.Cluster.Cordons.Select(cordon => cordon.Node).Distinct());
    }

    [Fact]
    public async Task GpuOffTheBus_WhoseLogComesThreeMinutesLate_JoinsTheIncidentWithItsOwnTime()
    {
        await using var run = await StartAsync();
        var gpu = run.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        run.Fleet.Inject(new FaultSpec("logs", FaultKinds.LateLogs, Node, Start.AddSeconds(330), TimeSpan.FromSeconds(180)));
        run.Fleet.Inject(new FaultSpec("gpu", FaultClass.GpuOffBus, gpu, Start.AddSeconds(340), TimeSpan.FromSeconds(400)));

        await run.RunUntilAsync(Start.AddSeconds(580), CancellationToken.None);

        var snapshot = run.Platform.Snapshots.Current;
        var view = Assert.Single(snapshot.Incidents.Values, view => view.Incident.Verdict is { Kind: VerdictKind.Hardware });
        Assert.Equal((FaultClass.GpuOffBus, (EntityId?)gpu), (view.Incident.Verdict!.FaultClass, view.Incident.Verdict.Entity));
        // What the exporter shows opened it; the kernel's word came three minutes later and is of the second of the fault.
        var xid = Assert.Single(view.Alerts.Select(one => snapshot.Alerts.GetValueOrDefault(one)?.Alert).OfType<Alert>(), alert => alert.Name == "Xid79");
        Assert.Equal(Start.AddSeconds(340), xid.StartsAt, TimeSpan.FromSeconds(1));
        Assert.Equal(["node-001"], run.Cluster.Cordons.Select(cordon => cordon.Node).Distinct());
    }

    [Fact]
    public async Task RecordedRun_WithAClockThatIsOff_ReplaysToTheSameCulpritAtTheSameTime()
    {
        var folder = Directory.CreateTempSubdirectory("skewed").FullName;
        var fleet = new Fleet(new FleetOptions { Nodes = 8, Seed = 7, Telemetry = FleetTelemetry.Clocks }, Start);
        var gpu = fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        fleet.Inject(new FaultSpec("a", FaultKinds.ClockSkew, Node, Start.AddSeconds(30), TimeSpan.FromSeconds(600)));
        fleet.Inject(new FaultSpec("gpu", FaultClass.GpuOffBus, gpu, Start.AddSeconds(360), TimeSpan.FromSeconds(200)));
        var recorder = new FleetRecorder(fleet, folder, RecordingForm.Compact);
        for (var now = Start; now <= Start.AddSeconds(480); now = now.AddSeconds(1))
        {
            fleet.Advance(now);
            recorder.RecordDue();
        }

        recorder.Complete();
        var (content, _) = ContentCheck.Read(Path.Combine(SharedData.RepositoryRoot(), "rules"), Path.Combine(SharedData.RepositoryRoot(), "runbooks"));
        var report = await ReplayRun.RunAsync(new ReplayOptions { Folder = folder, Content = SharedData.RepositoryRoot() }, content, CancellationToken.None);

        var incident = Assert.Single(report.Stretches[^1].Incidents);
        Assert.Equal((FaultClass.GpuOffBus, (EntityId?)gpu), (incident.Verdict!.FaultClass, incident.Verdict.Entity));
        Assert.Equal(Start.AddSeconds(360), incident.StartedAt, TimeSpan.FromSeconds(1.5));
        Assert.True(report.Corrected > 0);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<double> OffsetAsync(DemoRun run)
    {
        var now = run.Now;
        var result = await run.Platform.Queries.QueryAsync("node_time_seconds{node=\"node-001\"} - timestamp(node_time_seconds{node=\"node-001\"})", now, CancellationToken.None);
        return Assert.Single(result.Vector).Sample.Value;
    }

    private static Task<DemoRun> StartAsync() => SmallRun.StartAsync(FleetTelemetry.Clocks | FleetTelemetry.Delays);
}
