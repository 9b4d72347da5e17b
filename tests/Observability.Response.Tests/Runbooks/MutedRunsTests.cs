using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

/// <summary>What a muted incident starts, asks and tells: nothing, until it is muted no more or a person says so.</summary>
public sealed class MutedRunsTests
{
    private const string Id = "INC-000001/gpu-off-bus/1";
    private static readonly EntityId Gpu = Fleets.Gpu(0, 0);
    private static readonly RunbookCheck Idle = new("idle", "up == 1", default);
    private readonly TopologyView _view = Fleets.View(8, 2, ("train", 0, 8));

    [Fact]
    public void VerdictOfAMutedIncident_IsASuggestion_AndARunOnceItTells()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon()]);
        Assert.Equal([$"{Id} Suggested"], engine.Process(Muted(), Make.T0).Words());
        Assert.Equal([], engine.Process(Muted(IncidentChangeKind.AlertJoined), Make.T0).Words());
        Assert.Equal(
            ["tell INC-000001/Firing/1", $"{Id} Running", $"hold {Id} node:node-000", $"{Id} Running", $"intent {Id}/cordon/1 kubernetes.cordon node:node-000"],
            engine.Process(Loud(), Make.T0.AddHours(4)).Words());
        Assert.Equal([], engine.Process(Loud(), Make.T0.AddHours(5)).Words());
    }

    [Fact]
    public void PersonRunsIt_ItRuns_AndItsMessagesWaitUntilTheIncidentTells()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon()]);
        engine.Process(Muted(), Make.T0);
        var started = engine.Accept(new RunRunbook("INC-000001", "gpu-off-bus", false) { Actor = "anna", Door = "test", At = Make.T0 }, Make.T0);
        Assert.Equal("INC-000001/gpu-off-bus/2/cordon/1", started.Intent()!.OperationId);
        var failed = engine.Complete(Make.Outcome(started.Intent()!, StepResult.Impossible, Make.T0.AddSeconds(1), "no such node"), Make.T0.AddSeconds(1));
        var undone = engine.Complete(Make.Outcome(failed.Intent()!, StepResult.Impossible, Make.T0.AddSeconds(2), "no such node"), Make.T0.AddSeconds(2));
        Assert.Equal(ExecutionState.Failed, undone.Last()!.State);
        Assert.DoesNotContain(failed.Concat(undone), change => change.Notification is not null);

        var told = engine.Process(Loud(), Make.T0.AddHours(1)).Select(change => change.Notification).OfType<Notification>().ToArray();
        Assert.Equal([NotificationKind.Firing, NotificationKind.Escalation], told.Select(one => one.Kind));
    }

    [Fact]
    public void MutedWhileAPersonIsAsked_TheQuestionStands_AndIsAskedAnewAfterwards()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon(most: Strategy.Ask)]);
        Assert.Contains("tell INC-000001/Approval/2", engine.Process(Make.Verdict(1, Gpu), Make.T0).Words());
        engine.Process(Muted(IncidentChangeKind.Muted), Make.T0.AddMinutes(1));
        Assert.Empty(engine.Advance(Make.T0.AddHours(8)));
        var (back, expiry) = (Make.T0.AddHours(9), Make.Act().ApprovalExpiry);
        Assert.Equal(["tell INC-000001/Approval/3"], engine.Process(Loud(), back).Words());
        Assert.Empty(engine.Advance(back + expiry - TimeSpan.FromSeconds(1)));
        Assert.Equal([$"{Id} Expired", "tell INC-000001/Escalation/4"], engine.Advance(back + expiry).Words());
    }

    [Fact]
    public void MutedWhileAPersonIsAsked_AYesStillCounts()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon(most: Strategy.Ask)]);
        engine.Process(Make.Verdict(1, Gpu), Make.T0);
        engine.Process(Muted(IncidentChangeKind.Muted), Make.T0.AddMinutes(1));
        Assert.Equal($"{Id}/cordon/1", engine.Accept(Make.Approve(Id), Make.T0.AddHours(3)).Intent()!.OperationId);
    }

    [Fact]
    public void MutedBeforeTheFirstAction_TheRunWaits_AndChecksAnewAfterwards()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon(preconditions: Idle)]);
        var check = engine.Process(Make.Verdict(1, Gpu), Make.T0).Intent()!;
        engine.Process(Muted(IncidentChangeKind.Muted), Make.T0.AddSeconds(1));
        var held = engine.Complete(Make.Outcome(check, StepResult.Succeeded, Make.T0.AddSeconds(2)), Make.T0.AddSeconds(2));
        Assert.Equal("waits as long as its incident is muted; a person may run it", Assert.Single(held).Execution!.Reason);
        Assert.Empty(engine.Advance(Make.T0.AddHours(2)));
        Assert.Empty(engine.Process(Loud(), Make.T0.AddHours(3)));
        Assert.Equal($"{Id}/precondition/2", engine.Advance(Make.T0.AddHours(3).AddMinutes(1)).Intent()!.OperationId);
    }

    [Fact]
    public void MutedWhileItActs_TheRunGoesOnToItsEnd()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon()]);
        var cordon = engine.Process(Make.Verdict(1, Gpu), Make.T0).Intent()!;
        engine.Process(Muted(IncidentChangeKind.Muted), Make.T0.AddSeconds(1));
        Assert.Equal($"{Id}/evict/1", engine.Complete(Make.Outcome(cordon, StepResult.Succeeded, Make.T0.AddSeconds(2)), Make.T0.AddSeconds(2)).Intent()!.OperationId);
    }

    [Fact]
    public void MutedWhileItWaitsForABudget_TheRunWaitsOn_AndItsClockBeginsAnew()
    {
        var options = Make.Act();
        (options.MaximumHeldNodes, options.MaximumHeldShare) = (1, 1);
        var engine = new Engine(options, _view, [Make.Cordon()]);
        engine.Process(Make.Verdict(2, Fleets.Gpu(4, 0)), Make.T0);
        Assert.Equal(ExecutionState.AwaitingBudget, engine.Process(Make.Verdict(1, Gpu), Make.T0).Last()!.State);
        engine.Process(Muted(IncidentChangeKind.Muted), Make.T0.AddSeconds(1));
        Assert.DoesNotContain(engine.Advance(Make.T0.AddHours(5)), change => change.Execution?.IncidentId == "INC-000001");
        engine.Process(Loud(), Make.T0.AddHours(5));
        Assert.DoesNotContain(engine.Advance(Make.T0.AddHours(5) + options.BudgetExpiry), change => change.Execution?.IncidentId == "INC-000001");
        Assert.Equal(ExecutionState.Refused, engine.Advance(Make.T0.AddHours(5) + options.BudgetExpiry + TimeSpan.FromSeconds(1)).Last()!.State);
    }

    private static IncidentChange Muted(IncidentChangeKind kind = IncidentChangeKind.VerdictReached)
    {
        var verdict = Make.Verdict(1, Gpu);
        return verdict with { Kind = kind, Incident = verdict.Incident with { Mute = new IncidentMute("s-1", "silenced by ana: known", Make.T0, null) } };
    }

    private static IncidentChange Loud() => Make.Verdict(1, Gpu) with { Kind = IncidentChangeKind.Unmuted };
}
