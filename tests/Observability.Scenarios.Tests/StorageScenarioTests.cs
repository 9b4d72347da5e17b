using Observability.Model;
using Observability.Simulator;

namespace Observability.Scenarios.Tests;

/// <summary>A file system that hangs stops every job: one incident, the storage as its culprit, and no node is touched.</summary>
public sealed class StorageScenarioTests
{
    private static readonly DateTimeOffset Start = SmallRun.Start;
    private static readonly EntityId Storage = new(EntityKind.Storage, "fs-0");

    [Fact]
    public async Task FileSystemThatHangs_IsOneIncidentOfAllJobs_AndItsRunbookTellsPeopleAndTouchesNothing()
    {
        await using var run = await SmallRun.StartAsync();
        run.Fleet.Inject(new FaultSpec("one", FaultClass.StorageStall, Storage, Start.AddSeconds(300), TimeSpan.FromSeconds(150)));

        await run.RunUntilAsync(Start.AddSeconds(400), CancellationToken.None);

        var view = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values);
        var verdict = view.Incident.Verdict!;
        Assert.Equal((VerdictKind.NotHardware, FaultClass.StorageStall, (EntityId?)Storage), (verdict.Kind, verdict.FaultClass, verdict.Entity));
        Assert.InRange((view.Incident.OpenedAt - Start).TotalSeconds, 300, 330);
        Assert.Equal(run.Fleet.Topology().Entities.Where(entity => entity.Id.Kind == EntityKind.Job).Select(job => job.Id).Order(), view.Incident.Jobs);
        Assert.Contains(verdict.Evidence, line => line.Text == "3 of the 3 jobs that use fs-0 wait for storage");
        Assert.Contains(run.Platform.Snapshots.Current.Executions.Values, execution => execution.RunbookId == "storage-stall");

        await run.RunUntilAsync(Start.AddSeconds(700), CancellationToken.None);
        Assert.Equal(IncidentState.Resolved, Assert.Single(run.Platform.Snapshots.Current.Incidents.Values).Incident.State);
        Assert.Empty(run.Cluster.Cordons);
    }
}
