using Observability.Model;
using Observability.Server;
using Observability.Simulator;

namespace Observability.Scenarios.Tests;

/// <summary>The whole platform on a small fleet: fault in, verdict and action out, on the stepped clock.</summary>
public sealed class DemoScenarioTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task GpuOffTheBus_BecomesOneIncidentWithItsCulpritAndACordon()
    {
        await using var run = await StartAsync();
        var gpu = run.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, gpu, Start.AddSeconds(120), TimeSpan.FromSeconds(120)));

        await run.RunUntilAsync(Start.AddSeconds(200), CancellationToken.None);

        var view = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values);
        var verdict = view.Incident.Verdict!;
        Assert.Equal((VerdictKind.Hardware, FaultClass.GpuOffBus, (EntityId?)gpu), (verdict.Kind, verdict.FaultClass, verdict.Entity));
        Assert.NotEmpty(verdict.Evidence);
        var cordon = Assert.Single(run.Cluster.Cordons);
        Assert.Equal(("node-001", true), (cordon.Node, cordon.Cordoned));
    }

    [Fact]
    public async Task GpuComesBack_NodeReturnsOnlyAfterItsChecksHeldForTheSoak()
    {
        await using var run = await StartAsync();
        var gpu = run.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
        run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, gpu, Start.AddSeconds(120), TimeSpan.FromSeconds(60)));

        await run.RunUntilAsync(Start.AddSeconds(420), CancellationToken.None);

        Assert.Equal([true, false], run.Cluster.Cordons.Select(change => change.Cordoned));
        Assert.True(run.Cluster.Cordons[1].At - Start >= TimeSpan.FromSeconds(180 + 120), "the fault ends after 180 s and the runbook soaks for 120 s");
        Assert.Empty(run.Platform.Snapshots.Current.Holds);
    }

    [Fact]
    public async Task JobHangsByItself_IsNotBlamedOnHardwareAndNothingIsCordoned()
    {
        await using var run = await StartAsync();
        var job = new EntityId(EntityKind.Job, "moe-8x22b");
        run.Fleet.Inject(new FaultSpec("one", FaultClass.UserCodeHang, job, Start.AddSeconds(150), TimeSpan.FromSeconds(150)));

        await run.RunUntilAsync(Start.AddSeconds(300), CancellationToken.None);

        var incident = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values).Incident;
        Assert.Equal((VerdictKind.NotHardware, FaultClass.UserCodeHang, (EntityId?)job), (incident.Verdict!.Kind, incident.Verdict.FaultClass, incident.Verdict.Entity));
        Assert.Empty(run.Cluster.Cordons);
    }

    [Fact]
    public async Task AnnouncedMaintenance_PagesNobodyAndCordonsNothing()
    {
        await using var run = await StartAsync();
        var node = new EntityId(EntityKind.Node, "node-002");
        run.Fleet.Inject(new FaultSpec("one", FaultClass.Maintenance, node, Start.AddSeconds(120), TimeSpan.FromSeconds(120)));

        await run.RunUntilAsync(Start.AddSeconds(300), CancellationToken.None);

        var snapshot = run.Platform.Snapshots.Current;
        Assert.Empty(run.Cluster.Cordons);
        Assert.All(snapshot.Incidents.Values, view => Assert.Equal(FaultClass.Maintenance, view.Incident.Verdict?.FaultClass));
        Assert.All(snapshot.Executions.Values, execution => Assert.Equal(ExecutionState.Observed, execution.State));
    }

    [Fact]
    public async Task SameSeed_GivesTheSameReport()
    {
        var first = await ReportAsync();
        var second = await ReportAsync();

        Assert.Equal(first.Faults, second.Faults);
        Assert.Equal(first.Totals, second.Totals);
        Assert.Equal(first.Unexplained, second.Unexplained);
    }

    [Fact]
    public async Task Restart_AfterTheJournalWasLeftOpen_GoesOnWhereItWas()
    {
        var state = Directory.CreateTempSubdirectory("state").FullName;
        var options = new DemoOptions { Nodes = 12, Seed = 7, Speed = 0, Listen = "127.0.0.1:0", Content = Root(), State = state };
        PlatformSnapshot before;
        await using (var run = await DemoRun.StartAsync(options, Start, _ => { }, CancellationToken.None))
        {
            var gpu = run.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;
            run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, gpu, Start.AddSeconds(60), TimeSpan.FromSeconds(600)));
            await run.RunUntilAsync(Start.AddSeconds(140), CancellationToken.None);
            before = run.Platform.Snapshots.Current;
        }

        await using var again = await DemoRun.StartAsync(options, Start.AddSeconds(140), _ => { }, CancellationToken.None);
        var after = again.Platform.Snapshots.Current;

        Assert.Equal(before.Incidents.Values.Select(view => view.Incident.Id), after.Incidents.Values.Select(view => view.Incident.Id));
        Assert.Equal(before.Incidents.Values.Select(view => view.Incident.Verdict?.Entity), after.Incidents.Values.Select(view => view.Incident.Verdict?.Entity));
        Assert.Equal(before.Holds.Keys, after.Holds.Keys);
        Assert.Equal(before.Executions.Keys, after.Executions.Keys);
        Directory.Delete(state, recursive: true);
    }

    private static async Task<DemoReport> ReportAsync()
    {
        await using var run = await StartAsync();
        FaultScript.Schedule(run.Fleet, faults: 3);
        await run.RunUntilAsync(Start.AddSeconds(600), CancellationToken.None);
        return run.Report(Start);
    }

    private static Task<DemoRun> StartAsync() => DemoRun.StartAsync(
        new DemoOptions { Nodes = 12, Seed = 7, Speed = 0, Listen = "127.0.0.1:0", Content = Root() }, Start, _ => { }, CancellationToken.None);

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Observability.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException("no Observability.sln above the tests");
    }
}
