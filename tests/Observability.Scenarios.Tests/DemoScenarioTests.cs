using System.Text.Json.Nodes;
using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

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
        var options = Options() with { State = state };
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

    [Fact]
    public async Task Report_HoldsWhatAReaderAsksOfEachFaultAndOfTheRun()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("report").FullName, "report.json");
        await using var run = await StartAsync();
        run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, Gpu(run), Start.AddSeconds(60), TimeSpan.FromSeconds(600)));
        await run.RunUntilAsync(Start.AddSeconds(140), CancellationToken.None);

        await DemoRun.WriteAsync(run.Report(Start), path, CancellationToken.None);

        var report = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        var fault = Assert.Single(report["faults"]!.AsArray())!;
        Assert.Equal((FaultClass.GpuOffBus, Gpu(run).ToString(), Start.AddSeconds(60)), (Text(fault["kind"]), Text(fault["entity"]), fault["injectedAt"]!.GetValue<DateTimeOffset>()));
        Assert.InRange(fault["firstAlertAt"]!.GetValue<DateTimeOffset>(), Start.AddSeconds(60), Start.AddSeconds(80));
        var verdict = fault["verdict"]!;
        Assert.Equal((Gpu(run).ToString(), FaultClass.GpuOffBus), (Text(verdict["entity"]), Text(verdict["class"])));
        Assert.InRange(verdict["confidence"]!.GetValue<double>(), 0.8, 1);
        Assert.InRange(verdict["evidence"]!.GetValue<int>(), 1, 100);
        Assert.InRange(verdict["at"]!.GetValue<DateTimeOffset>(), Start.AddSeconds(60), Start.AddSeconds(140));
        Assert.InRange(fault["action"]!["decidedAt"]!.GetValue<DateTimeOffset>(), Start.AddSeconds(60), Start.AddSeconds(140));
        Assert.NotEmpty(Text(fault["action"]!["kind"]));
        Assert.InRange(fault["alerts"]!.GetValue<int>(), 1, 1_000);
        var totals = report["totals"]!;
        Assert.Equal((1, 1, 0, 0), (totals["faults"]!.GetValue<int>(), totals["incidentsOut"]!.GetValue<int>(), totals["falseCordons"]!.GetValue<int>(), totals["missedFaults"]!.GetValue<int>()));
        Assert.Equal((1.0, 1.0), (totals["precision"]!.GetValue<double>(), totals["recall"]!.GetValue<double>()));
        Assert.Equal(1 - (1.0 / totals["alertsIn"]!.GetValue<int>()), totals["compression"]!.GetValue<double>(), 3);
    }

    [Fact]
    public async Task Narration_TellsFaultAlertIncidentVerdictAndActionInThisOrder()
    {
        var said = new List<string>();
        await using var run = await DemoRun.StartAsync(Options(), Start, said.Add, CancellationToken.None);
        run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, Gpu(run), Start.AddSeconds(60), TimeSpan.FromSeconds(600)));

        await run.RunUntilAsync(Start.AddSeconds(140), CancellationToken.None);

        Assert.StartsWith("12:01:00     60 s  fault     one: gpu_off_bus injected at node-001/gpu3", said[0], StringComparison.Ordinal);
        Assert.Contains(", the first of one (+", said[1], StringComparison.Ordinal);
        Assert.Equal(["fault", "alert", "incident", "verdict", "action"], said.Select(line => line[19..27].Trim()).Distinct());
    }

    [Fact]
    public async Task RecordedRun_ReplaysToTheSameCulprit()
    {
        var folder = Directory.CreateTempSubdirectory("record").FullName;
        EntityId gpu;
        await using (var run = await DemoRun.StartAsync(Options() with { Record = folder }, Start, _ => { }, CancellationToken.None))
        {
            gpu = Gpu(run);
            run.Fleet.Inject(new FaultSpec("one", FaultClass.GpuOffBus, gpu, Start.AddSeconds(120), TimeSpan.FromSeconds(600)));
            await run.RunUntilAsync(Start.AddSeconds(200), CancellationToken.None);
        }

        var (content, _) = ContentCheck.Read(Path.Combine(SharedData.RepositoryRoot(), "rules"), Path.Combine(SharedData.RepositoryRoot(), "runbooks"));
        var replay = await ReplayRun.RunAsync(new ReplayOptions { Folder = folder, Content = SharedData.RepositoryRoot() }, content, CancellationToken.None);

        Assert.Contains(replay.Stretches[^1].Incidents, incident => incident.Verdict is { FaultClass: FaultClass.GpuOffBus } verdict && verdict.Entity == gpu);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => DemoRun.StartAsync(Options() with { Record = folder }, Start, _ => { }, CancellationToken.None));
        Assert.Equal($"--record: {folder} is not empty; a recording needs a folder of its own", refused.Message);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task StateFolder_TornLineIsForgotten_BrokenLineAndForeignJournalAreRefused()
    {
        var state = Directory.CreateTempSubdirectory("state").FullName;
        var history = Path.Combine(state, "fleet.jsonl");
        await using (var run = await DemoRun.StartAsync(Options() with { State = state }, Start, _ => { }, CancellationToken.None))
            await run.RunUntilAsync(Start.AddSeconds(3), CancellationToken.None);

        await File.AppendAllTextAsync(history, "{\"at\":");
        await using (var run = await DemoRun.StartAsync(Options() with { State = state }, Start, _ => { }, CancellationToken.None))
            Assert.Equal((true, Start.AddSeconds(3)), (run.IsResumed, run.Now));

        await File.AppendAllTextAsync(history, "not json\n");
        var broken = await Assert.ThrowsAsync<InvalidDataException>(() => DemoRun.StartAsync(Options() with { State = state }, Start, _ => { }, CancellationToken.None));
        Assert.StartsWith($"{history}:2: cannot be read", broken.Message, StringComparison.Ordinal);

        File.Delete(history);
        var foreign = await Assert.ThrowsAsync<InvalidDataException>(() => DemoRun.StartAsync(Options() with { State = state }, Start, _ => { }, CancellationToken.None));
        Assert.StartsWith($"{state}: holds a journal but no fleet.jsonl", foreign.Message, StringComparison.Ordinal);
        Directory.Delete(state, recursive: true);
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static EntityId Gpu(DemoRun run) => run.Fleet.Topology().Entities.First(entity => entity.DisplayName == "node-001/gpu3").Id;

    private static async Task<DemoReport> ReportAsync()
    {
        await using var run = await StartAsync();
        FaultScript.Schedule(run.Fleet, faults: 3);
        await run.RunUntilAsync(Start.AddSeconds(600), CancellationToken.None);
        return run.Report(Start);
    }

    private static Task<DemoRun> StartAsync() => DemoRun.StartAsync(Options(), Start, _ => { }, CancellationToken.None);

    private static DemoOptions Options() => new() { Nodes = 12, Seed = 7, Speed = 0, Listen = "127.0.0.1:0", Content = SharedData.RepositoryRoot() };
}
