using Observability.Model;
using Observability.Simulator;

namespace Observability.Scenarios.Tests;

/// <summary>New code of a job that does not work: one incident, the change as its culprit, and no node is touched. New code that works: at most a job that was stopped.</summary>
public sealed class ChangeScenarioTests
{
    private static readonly DateTimeOffset Start = SmallRun.Start;
    private static readonly EntityId Job = new(EntityKind.Job, "llm-70b");

    [Fact]
    public async Task DeploymentThatDoesNotWork_IsTheChange_AndOneThatWorksIsNot()
    {
        await using var run = await SmallRun.StartAsync();
        run.Fleet.Inject(new FaultSpec("well", FaultKinds.Deploy, new EntityId(EntityKind.Job, "vision-7b"), Start.AddSeconds(200), TimeSpan.FromSeconds(60)));
        run.Fleet.Inject(new FaultSpec("bad", FaultKinds.BadDeploy, Job, Start.AddSeconds(300), TimeSpan.FromSeconds(400)));

        await run.RunUntilAsync(Start.AddSeconds(600), CancellationToken.None);

        var view = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values, view => view.Incident.Jobs.Contains(Job));
        var verdict = view.Incident.Verdict!;
        Assert.Equal((VerdictKind.NotHardware, FaultClass.BadChange, (EntityId?)Job), (verdict.Kind, verdict.FaultClass, verdict.Entity));
        Assert.Contains("before the first sign: A deployment: image 1.0 to 2.0", verdict.Evidence[0].Text, StringComparison.Ordinal);
        Assert.Contains(run.Platform.Snapshots.Current.Executions.Values, execution => execution.RunbookId == "bad-change");
        Assert.All(run.Platform.Snapshots.Current.Incidents.Values.Where(other => other != view), other => Assert.NotEqual(FaultClass.BadChange, other.Incident.Verdict!.FaultClass));
        Assert.Empty(run.Cluster.Cordons);
    }

    [Fact]
    public async Task DriverThatLosesAllGpusOfItsNode_IsTheChangeThatNobodyAnnounced_AndItsNodeIsNotCordoned()
    {
        await using var run = await SmallRun.StartAsync();
        var node = run.Fleet.PlaceFor(FaultKinds.Find(FaultKinds.BadDriver)!, new Random(3));
        run.Fleet.Inject(new FaultSpec("driver", FaultKinds.BadDriver, node, Start.AddSeconds(300), TimeSpan.FromSeconds(300)));

        await run.RunUntilAsync(Start.AddSeconds(560), CancellationToken.None);

        var view = Assert.Single(run.Platform.Snapshots.Current.Incidents.Values, view => view.Incident.Entities.Any(entity => entity.Kind == EntityKind.Gpu));
        var verdict = view.Incident.Verdict!;
        Assert.Equal((VerdictKind.NotHardware, FaultClass.BadChange, (EntityId?)node), (verdict.Kind, verdict.FaultClass, verdict.Entity));
        Assert.Contains("before the first sign: A driver update: DCGM_FI_DRIVER_VERSION 570.133.20 -> 570.172.08", verdict.Evidence[0].Text, StringComparison.Ordinal);
        Assert.Empty(run.Cluster.Cordons);
    }
}
