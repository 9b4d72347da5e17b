using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

public class GuardTests
{
    private readonly TopologyView _view = Fleets.View(40, 2, ("train", 0, 3));

    private static ResponseOptions Wide() => new()
    {
        Hardware = Strategy.Act,
        MinimumConfidence = 0.5,
        MaximumHeldNodes = 100,
        MaximumHeldShare = 1,
        MaximumHeldPerScope = 100,
        MaximumHeldPerSwitch = 100,
        MaximumHeldPerCause = 100,
        ActionsPerHour = 100,
        ActionsPerScopeHour = 100,
    };

    private static string State(Engine engine, int number, int node, DateTimeOffset? at = null, string faultClass = FaultClass.GpuOffBus)
    {
        var run = engine.Process(Make.Verdict(number, Fleets.Gpu(node, 0), faultClass, at: at), at ?? Make.T0).Last()!;
        return $"{run.State}: {run.Reason}";
    }

    [Theory]
    [InlineData("fleet", "2 nodes of the fleet are held; at most 2 may be", 0, 4, 8)]
    [InlineData("share", "2 nodes of the fleet are held; at most 2 may be", 0, 4, 8)]
    [InlineData("rack", "2 nodes of rack rack-02 are held; at most 2 may be", 8, 9, 10)]
    [InlineData("job", "2 nodes of job train are held; at most 2 may be", 0, 1, 2)]
    [InlineData("switch", "2 nodes of switch leaf-1-r0 are held; at most 2 may be", 32, 36, 39)]
    [InlineData("cause", "2 nodes of cause gpu-off-bus are held; at most 2 may be", 0, 4, 8)]
    public void Concurrency_AtItsLimit_HoldsTheNextBack_AndAfterAReleaseItProceeds(string scope, string reason, int first, int second, int third)
    {
        var options = Wide();
        (options.MaximumHeldNodes, options.MaximumHeldShare) = (scope == "fleet" ? 2 : 100, scope == "share" ? 0.05 : 1);
        (options.MaximumHeldPerScope, options.MaximumHeldPerSwitch, options.MaximumHeldPerCause) = (scope is "rack" or "job" ? 2 : 100, scope == "switch" ? 2 : 100, scope == "cause" ? 2 : 100);
        var engine = new Engine(options, _view, [Make.Cordon()]);
        Assert.StartsWith("Running", State(engine, 1, first), StringComparison.Ordinal);
        Assert.StartsWith("Running", State(engine, 2, second), StringComparison.Ordinal);
        Assert.Equal($"AwaitingBudget: {reason}", State(engine, 3, third));
        Assert.Empty(engine.Advance(Make.T0.AddSeconds(1)));
        Free(engine, "INC-000001/gpu-off-bus/1", first);
        Assert.Equal("intent INC-000003/gpu-off-bus/1/cordon/1 kubernetes.cordon node:" + Fleets.Node(third), engine.Advance(Make.T0.AddSeconds(3)).Words()[^1]);
    }

    [Theory]
    [InlineData("fleet", "2 runs started in the fleet within the last hour; at most 2 may", 0, 4, 8)]
    [InlineData("cause", "2 runs started in rack rack-02 within the last hour; at most 2 may", 8, 9, 10)]
    public void Rate_AtItsLimit_HoldsTheNextBackUntilTheWindowHasPassed(string scope, string reason, int first, int second, int third)
    {
        var options = Wide();
        (options.ActionsPerHour, options.ActionsPerScopeHour) = (scope == "fleet" ? 2 : 100, scope == "fleet" ? 100 : 2);
        options.BudgetExpiry = TimeSpan.FromHours(2);
        var thermal = scope == "fleet" ? FaultClass.GpuOffBus : FaultClass.ThermalThrottle;
        var engine = new Engine(options, _view, [Make.Cordon(), Make.Cordon(thermal)]);
        State(engine, 1, first);
        State(engine, 2, second, Make.T0.AddMinutes(10), thermal);
        Assert.Equal($"AwaitingBudget: {reason}", State(engine, 3, third, Make.T0.AddMinutes(20)));
        Assert.DoesNotContain(engine.Advance(Make.T0.AddMinutes(59)), change => change.Execution?.IncidentId == "INC-000003");
        Assert.Contains(engine.Advance(Make.T0.AddMinutes(60)), change => change.Intent?.OperationId == "INC-000003/gpu-off-bus/1/cordon/1");
    }

    [Fact]
    public void Budget_ThatNeverFreesUp_RefusesAndTellsAPerson()
    {
        var options = Wide();
        options.MaximumHeldNodes = 1;
        var engine = new Engine(options, _view, [Make.Cordon()]);
        State(engine, 1, 0);
        State(engine, 2, 4);
        Assert.Equal(
            ["INC-000002/gpu-off-bus/1 Refused", "tell INC-000002/Escalation/2"],
            engine.Advance(Make.T0.AddMinutes(31)).Where(change => (change.Execution?.IncidentId ?? change.Notification?.Incident.Id) == "INC-000002").Words());
    }

    [Fact]
    public void Node_HeldForTheSameCause_IsJoined_AndForAnotherCauseHeldTwiceAtNoCost()
    {
        var options = Wide();
        options.MaximumHeldNodes = 1;
        var engine = new Engine(options, _view, [Make.Cordon(), Make.Cordon(FaultClass.ThermalThrottle)]);
        State(engine, 1, 0);
        Assert.Equal("Refused: INC-000001/gpu-off-bus/1 already has node-000 for the same cause", State(engine, 2, 0));
        Assert.StartsWith("Running", State(engine, 3, 0, faultClass: FaultClass.ThermalThrottle), StringComparison.Ordinal);
    }

    [Fact]
    public void Target_ThatIsNotOneNode_IsRefusedWithoutAnyIntent()
    {
        var engine = new Engine(Wide(), _view, [Make.Cordon(FaultClass.LeafFlap)]);
        var changes = engine.Process(Make.Verdict(1, new EntityId(EntityKind.Switch, "leaf-0-r0"), FaultClass.LeafFlap), Make.T0);
        Assert.Equal(["tell INC-000001/Firing/1", "INC-000001/leaf-flap/1 Refused", "tell INC-000001/Escalation/2"], changes.Words());
        Assert.Equal("switch:leaf-0-r0 is not one node; steps on a node need exactly one", changes.Last()!.Reason);
    }

    [Fact]
    public void SecondNode_OfOneIncident_NeedsAYes()
    {
        var engine = new Engine(Wide(), _view, [Make.Cordon()]);
        State(engine, 1, 0);
        var run = engine.Process(Make.Verdict(1, Fleets.Gpu(4, 0)), Make.T0).Last()!;
        Assert.Equal(
            (ExecutionState.AwaitingApproval, "GPU-004-0 has gpu_off_bus (95 %); the incident has node-000 already, a second node needs a yes"),
            (run.State, run.Reason));
    }

    [Fact]
    public void WaitingRun_ThatIsAborted_NeverBegins_AndARejectedOneFreesItsPlaceAtOnce()
    {
        var options = Wide();
        options.MaximumHeldNodes = 1;
        options.Hardware = Strategy.Ask;
        var engine = new Engine(options, _view, [Make.Cordon()]);
        Assert.StartsWith("AwaitingApproval", State(engine, 1, 0), StringComparison.Ordinal);
        State(engine, 2, 4);
        State(engine, 3, 8);
        Assert.Equal(["INC-000002/gpu-off-bus/1 Aborted"], engine.Accept(Make.Abort("INC-000002/gpu-off-bus/1"), Make.T0).Words());
        Assert.Equal(["INC-000001/gpu-off-bus/1 Rejected"], engine.Accept(Make.Reject("INC-000001/gpu-off-bus/1"), Make.T0).Words());
        Assert.Equal(["INC-000003/gpu-off-bus/1 AwaitingApproval", "tell INC-000003/Approval/2"], engine.Advance(Make.T0.AddSeconds(1)).Words());
    }

    [Fact]
    public void Observe_ARunThatEndedWithoutAHold_FreesItsPlace()
    {
        var options = Wide();
        options.MaximumHeldNodes = 1;
        var guard = new Guard(options, _view);
        var choose = new ChooseRunbook(options, _view, [Make.Cordon()]);
        var first = choose.Process(Make.Verdict(1, Fleets.Gpu(0, 0)), Make.T0).SelectMany(item => guard.Process(item, Make.T0)).Last().Execution!;
        var second = choose.Process(Make.Verdict(2, Fleets.Gpu(4, 0)), Make.T0).SelectMany(item => guard.Process(item, Make.T0)).Last().Execution!;
        Assert.Equal((ExecutionState.Running, ExecutionState.AwaitingBudget), (first.State, second.State));
        guard.Observe(first with { State = ExecutionState.Failed });
        Assert.Equal([second.Id], guard.Advance(Make.T0.AddSeconds(1)).Select(item => item.Execution!.Id));
    }

    // Aborted in flight, then the cordon and the way back are confirmed.
    private static void Free(Engine engine, string id, int node)
    {
        engine.Accept(Make.Abort(id), Make.T0);
        var cordon = new StepIntent(id, "cordon", 1, "kubernetes.cordon", new EntityId(EntityKind.Node, Fleets.Node(node)), LabelSet.Empty, Make.T0);
        var back = engine.Complete(Make.Outcome(cordon, StepResult.Succeeded, Make.T0), Make.T0).Intent()!;
        Assert.Equal("kubernetes.uncordon", back.Action);
        Assert.Contains(engine.Complete(Make.Outcome(back, StepResult.Succeeded, Make.T0), Make.T0), change => change.Hold is { ReleasedAt: not null });
    }
}
