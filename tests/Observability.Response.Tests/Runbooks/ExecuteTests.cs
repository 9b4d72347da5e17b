using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

public class ExecuteTests
{
    private const string Run = "INC-000001/gpu-off-bus/1";
    private static readonly EntityId Gpu = Fleets.Gpu(0, 0);
    private readonly TopologyView _view = Fleets.View(8, 2, ("train", 0, 8));

    private Engine Begin(out StepIntent intent, params Runbook[] books)
    {
        var engine = new Engine(Make.Act(), _view, books.Length > 0 ? books : [Make.Cordon()]);
        intent = engine.Process(Make.Verdict(1, Gpu), Make.T0).Intent()!;
        return engine;
    }

    private static StepIntent Done(Engine engine, StepIntent intent, DateTimeOffset at) => engine.Complete(Make.Outcome(intent, StepResult.Succeeded, at), at).Intent()!;

    [Fact]
    public void Run_WhoseStepsSucceed_ReturnsTheNodeOnlyAfterTheSoak()
    {
        var engine = Begin(out var cordon);
        Assert.Equal(
            "{execution=\"INC-000001/gpu-off-bus/1\", expires=\"2026-03-02T12:00:00.0000000+00:00\", incident=\"INC-000001\", owner=\"observability\", reason=\"gpu_off_bus\", since=\"2026-03-01T12:00:00.0000000+00:00\"}",
            cordon.Parameters.ToString());
        var evict = Done(engine, cordon, Make.T0);
        var check = Done(engine, evict, Make.T0);
        Assert.Equal((Run + "/verification/1", "healthy{UUID=\"GPU-000-0\"}", "healed"), (check.OperationId, check.Parameters["expr.000"], check.Parameters["name.000"]));
        // Holds, breaks once, holds again: the soak begins anew.
        engine.Complete(Make.Outcome(check, StepResult.Succeeded, Make.T0), Make.T0);
        check = engine.Advance(Make.T0.AddSeconds(45)).Intent()!;
        engine.Complete(Make.Outcome(check, StepResult.NotYet, Make.T0.AddSeconds(45)), Make.T0.AddSeconds(45));
        check = engine.Advance(Make.T0.AddSeconds(60)).Intent()!;
        Assert.Empty(engine.Complete(Make.Outcome(check, StepResult.Succeeded, Make.T0.AddSeconds(60)), Make.T0.AddSeconds(60)));
        check = engine.Advance(Make.T0.AddSeconds(75)).Intent()!;
        Assert.Empty(engine.Complete(Make.Outcome(check, StepResult.Succeeded, Make.T0.AddSeconds(75)), Make.T0.AddSeconds(75)));
        check = engine.Advance(Make.T0.AddSeconds(120)).Intent()!;
        var uncordon = Done(engine, check, Make.T0.AddSeconds(120));
        Assert.Equal(("kubernetes.uncordon", Run), (uncordon.Action, uncordon.Parameters["marks"]));
        var end = engine.Complete(Make.Outcome(uncordon, StepResult.Succeeded, Make.T0.AddSeconds(121)), Make.T0.AddSeconds(121));
        Assert.Equal([$"{Run} Verifying", $"hold {Run} node:node-000 released", $"{Run} Succeeded"], end.Words());
        Assert.Equal([StepState.Done, StepState.Done, StepState.Done], end.Last()!.Steps.Select(step => step.State));
    }

    [Fact]
    public void Outcome_ThatNobodyAwaits_ChangesNothing()
    {
        var engine = Begin(out var cordon);
        Done(engine, cordon, Make.T0);
        Assert.Empty(engine.Complete(Make.Outcome(cordon, StepResult.Failed, Make.T0), Make.T0));
        Assert.Empty(engine.Complete(Make.Outcome(cordon with { ExecutionId = "INC-000009/x/1" }, StepResult.Failed, Make.T0), Make.T0));
    }

    [Fact]
    public void Step_ThatFails_IsTriedWithBackOff_ThenRolledBackAndTold()
    {
        var engine = Begin(out var intent);
        foreach (var wait in new[] { 5, 10 })
        {
            engine.Complete(Make.Outcome(intent, StepResult.Failed, intent.At, "503"), intent.At);
            Assert.Empty(engine.Advance(intent.At.AddSeconds(wait - 1)));
            intent = engine.Advance(intent.At.AddSeconds(wait)).Intent()!;
        }

        Assert.Equal(Run + "/cordon/3", intent.OperationId);
        var back = engine.Complete(Make.Outcome(intent, StepResult.Failed, intent.At, "503"), intent.At).Intent()!;
        Assert.Equal(Run + "/rollback-uncordon/1", back.OperationId);
        var end = engine.Complete(Make.Outcome(back, StepResult.Succeeded, back.At), back.At);
        Assert.Equal([$"hold {Run} node:node-000 released", $"{Run} Failed", "tell INC-000001/Escalation/2"], end.Words());
        Assert.Equal("step cordon failed: 503", end.Last()!.Reason);
    }

    [Fact]
    public void Step_ThatIsNotYetDone_IsLookedAtAgainUnderNewOperations_UntilItsLimitKeepsTheNodeHeld()
    {
        var engine = Begin(out var cordon);
        var evict = Done(engine, cordon, Make.T0);
        var operations = new List<string>();
        var now = Make.T0;
        List<ResponseChange> changes;
        do
        {
            operations.Add(evict.OperationId);
            changes = engine.Complete(Make.Outcome(evict, StepResult.NotYet, now, "a disruption budget holds train/worker-0"), now);
            now = now.AddSeconds(15);
            evict = engine.Advance(now).Intent()!;
        }
        while (evict is not null);
        Assert.Equal(241, operations.Distinct().Count());
        Assert.Equal([$"{Run} Running", $"{Run} Failed", "tell INC-000001/Escalation/2"], changes.Words());
        Assert.Equal("step evict failed: a disruption budget holds train/worker-0; the node stays held", changes.Last()!.Reason);
        // The hold has an exit: a person releases it, and the node is given back in order.
        var back = engine.Accept(Make.Release(Run), now).Intent()!;
        Assert.Equal("kubernetes.uncordon", back.Action);
        Assert.Equal([$"hold {Run} node:node-000 released", $"{Run} Failed"], engine.Complete(Make.Outcome(back, StepResult.Succeeded, now), now).Words());
    }

    [Fact]
    public void Outcome_ThatNeverComes_CountsAsAFailedAttempt()
    {
        var engine = Begin(out _);
        for (var second = 1; second <= 150; second++)
            Assert.Empty(engine.Advance(Make.T0.AddSeconds(second)));
        Assert.Equal([$"{Run} Running"], engine.Advance(Make.T0.AddSeconds(151)).Words());
        Assert.Equal(Run + "/cordon/2", engine.Advance(Make.T0.AddSeconds(156)).Intent()!.OperationId);
    }

    [Fact]
    public void Approval_LetsTheRunBegin_RejectionAndExpiryEndIt()
    {
        var books = new[] { Make.Cordon(most: Strategy.Ask) };
        var engine = new Engine(Make.Act(), _view, books);
        engine.Process(Make.Verdict(1, Gpu), Make.T0);
        engine.Process(Make.Verdict(2, Fleets.Gpu(1, 0)), Make.T0);
        var approved = engine.Accept(Make.Approve(Run), Make.T0);
        Assert.Equal((Run + "/cordon/1", "anna", "anna approved"), (approved.Intent()!.OperationId, approved.Last()!.DecidedBy, approved.Last()!.Reason));
        Assert.Empty(engine.Accept(Make.Approve(Run), Make.T0));
        var rejected = engine.Accept(Make.Reject("INC-000002/gpu-off-bus/1"), Make.T0).Last()!;
        Assert.Equal((ExecutionState.Rejected, "anna", "anna rejected: not now"), (rejected.State, rejected.DecidedBy, rejected.Reason));
    }

    [Fact]
    public void Approval_ThatNobodyGives_ExpiresAndEscalates()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon(most: Strategy.Ask)]);
        engine.Process(Make.Verdict(1, Gpu), Make.T0);
        Assert.Empty(engine.Advance(Make.T0.AddMinutes(60).AddSeconds(-1)));
        Assert.Equal([$"{Run} Expired", "tell INC-000001/Escalation/3"], engine.Advance(Make.T0.AddMinutes(60)).Words());
    }

    [Fact]
    public void AskStep_PausesTheRun_AndARejectionRollsBackWhatWasDone()
    {
        var book = Make.Cordon() with { Steps = [Make.Step("cordon", "kubernetes.cordon"), Make.Step("sure", "ask", ("text", "Drain {{ node }}?")), Make.Step("evict", "kubernetes.evict")] };
        var engine = Begin(out var cordon, book);
        var asked = engine.Complete(Make.Outcome(cordon, StepResult.Succeeded, Make.T0), Make.T0);
        Assert.Equal((ExecutionState.AwaitingApproval, "Drain node-000?"), (asked.Last()!.State, asked.Last()!.Reason));
        var back = engine.Accept(Make.Reject(Run), Make.T0).Intent()!;
        Assert.Equal("kubernetes.uncordon", back.Action);
        Assert.Equal([$"hold {Run} node:node-000 released", $"{Run} Rejected"], engine.Complete(Make.Outcome(back, StepResult.Succeeded, Make.T0), Make.T0).Words());

        engine = Begin(out cordon, book);
        engine.Complete(Make.Outcome(cordon, StepResult.Succeeded, Make.T0), Make.T0);
        Assert.Equal(Run + "/evict/1", engine.Accept(Make.Approve(Run), Make.T0).Intent()!.OperationId);
    }

    [Fact]
    public void Abort_WithAStepInFlight_WaitsForItBeforeGoingBack()
    {
        var engine = Begin(out var cordon);
        Assert.Equal([$"{Run} Running"], engine.Accept(Make.Abort(Run), Make.T0).Words());
        var back = engine.Complete(Make.Outcome(cordon, StepResult.Succeeded, Make.T0), Make.T0).Intent()!;
        Assert.Equal("kubernetes.uncordon", back.Action);
        Assert.Equal([$"hold {Run} node:node-000 released", $"{Run} Aborted"], engine.Complete(Make.Outcome(back, StepResult.Succeeded, Make.T0), Make.T0).Words());
    }

    [Fact]
    public void Rollback_ThatCannotBeConfirmed_KeepsTheHoldAndTellsAPerson()
    {
        var engine = Begin(out var cordon);
        engine.Accept(Make.Abort(Run), Make.T0);
        var back = engine.Complete(Make.Outcome(cordon, StepResult.Succeeded, Make.T0), Make.T0).Intent()!;
        var end = engine.Complete(Make.Outcome(back, StepResult.Impossible, Make.T0, "403"), Make.T0);
        Assert.Equal([$"{Run} Failed", "tell INC-000001/Escalation/2"], end.Words());
        Assert.Equal("anna aborted; not undone: uncordon: 403", end.Last()!.Reason);
    }

    [Fact]
    public void Holds_OfTwoOwners_AreCounted_AndTheLastOneOutReturnsTheNode()
    {
        var engine = Begin(out var first, Make.Cordon(), Make.Cordon(FaultClass.ThermalThrottle));
        var second = engine.Process(Make.Verdict(2, Fleets.Gpu(0, 1), FaultClass.ThermalThrottle), Make.T0).Intent()!;
        Done(engine, first, Make.T0);
        Done(engine, second, Make.T0);
        // The first is given up while the second still holds: no intent, no other hold touched.
        engine.Accept(Make.Abort(Run), Make.T0);
        var evict = new StepIntent(Run, "evict", 1, "kubernetes.evict", new EntityId(EntityKind.Node, "node-000"), LabelSet.Empty, Make.T0);
        Assert.Equal([$"{Run} Running", $"hold {Run} node:node-000 released", $"{Run} Aborted"], engine.Complete(Make.Outcome(evict, StepResult.Succeeded, Make.T0), Make.T0).Words());
        var thermal = "INC-000002/thermal-throttle/1";
        engine.Accept(Make.Abort(thermal), Make.T0);
        var back = engine.Complete(Make.Outcome(evict with { ExecutionId = thermal }, StepResult.Succeeded, Make.T0), Make.T0).Intent()!;
        Assert.Equal(("kubernetes.uncordon", $"{Run},{thermal}"), (back.Action, back.Parameters["marks"]));
    }

    [Fact]
    public void Hold_ThatExpires_IsMarkedAndTold_NeverReleased()
    {
        var engine = Begin(out var cordon);
        Done(engine, cordon, Make.T0);
        var changes = engine.Advance(Make.T0.AddHours(24));
        Assert.Equal("gpu-off-bus: node-000/gpu0 (expired)", changes.Select(change => change.Hold).OfType<Hold>().Single().Cause);
        Assert.Equal("the hold on node-000 has expired; release it or look after it (hardware on-call)", changes.Select(change => change.Notification).OfType<Notification>().Single().Execution!.Reason);
        Assert.DoesNotContain(engine.Advance(Make.T0.AddHours(25)), change => change.Hold is not null);
    }

    [Fact]
    public void Verification_ThatNeverHolds_AlarmsOnce_AndEndsWithTheNodeStillHeld()
    {
        var engine = Begin(out var intent);
        intent = Done(engine, Done(engine, intent, Make.T0), Make.T0);
        var said = new List<string>();
        for (var now = Make.T0; intent is not null && now < Make.T0.AddHours(30); now += TimeSpan.FromMinutes(10))
        {
            said.AddRange(engine.Complete(Make.Outcome(intent, StepResult.NotYet, now, "still hot"), now).Words());
            var next = engine.Advance(now + TimeSpan.FromMinutes(10));
            said.AddRange(next.Where(change => change.Intent is null).Words());
            intent = next.Intent();
        }

        Assert.Equal(["tell INC-000001/Escalation/2", $"hold {Run} node:node-000", "tell INC-000001/Escalation/3", $"{Run} Failed", "tell INC-000001/Escalation/4"], said);
    }

    [Fact]
    public void Precondition_ThatDoesNotHold_RefusesWithoutAnyEffect()
    {
        var engine = Begin(out var check, Make.Cordon(preconditions: new RunbookCheck("still hot", "temp{UUID=\"{{ uuid }}\"} > 80", default)));
        Assert.Equal((Run + "/precondition/1", "verify"), (check.OperationId, check.Action));
        engine.Complete(Make.Outcome(check, StepResult.NotYet, Make.T0), Make.T0);
        check = engine.Advance(Make.T0.AddMinutes(2)).Intent()!;
        var end = engine.Complete(Make.Outcome(check, StepResult.NotYet, Make.T0.AddMinutes(2), "does not hold yet: still hot"), Make.T0.AddMinutes(2));
        Assert.Equal([$"{Run} Refused", "tell INC-000001/Escalation/2"], end.Words());
        Assert.Equal("precondition: does not hold yet: still hot", end.Last()!.Reason);
    }

    [Fact]
    public void Template_WithoutAValueForTheTarget_RefusesTheRun()
    {
        var book = Make.Cordon() with { Verification = [new RunbookCheck("rate", "rate{device=\"{{ device }}\"}", new SourceLine("runbooks/x.md", 9))] };
        var engine = new Engine(Make.Act(), _view, [book]);
        var run = engine.Process(Make.Verdict(1, Gpu), Make.T0).Last()!;
        Assert.Equal((ExecutionState.Refused, "runbooks/x.md:9: '{{ device }}' has no value for gpu:GPU-000-0"), (run.State, run.Reason));
    }

    [Fact]
    public void NotifyStep_TellsAndGoesOnWithoutAnIntent()
    {
        var book = Make.Cordon() with { Steps = [Make.Step("tell", "notify", ("text", "{{ node }} is looked at"))], Verification = [], Return = [] };
        var engine = new Engine(Make.Act(), _view, [book]);
        var changes = engine.Process(Make.Verdict(1, Gpu), Make.T0);
        Assert.Equal(["tell INC-000001/Firing/1", $"{Run} Running", "tell INC-000001/Updated/2", $"{Run} Running", $"{Run} Succeeded"], changes.Words());
        Assert.Equal("node-000 is looked at", changes.Last()!.Steps[0].Detail);
    }
}
