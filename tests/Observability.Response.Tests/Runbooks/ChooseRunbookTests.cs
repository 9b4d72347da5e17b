using Observability.Model;
using Observability.Testing;

namespace Observability.Response.Tests;

public class ChooseRunbookTests
{
    private static readonly EntityId Gpu = Fleets.Gpu(0, 0);
    private readonly TopologyView _view = Fleets.View(8, 2, ("train", 0, 8));

    [Fact]
    public void Verdict_WithDefaults_IsObservedWithItsPlan()
    {
        var engine = new Engine(new ResponseOptions(), _view, [Make.Cordon()]);
        var run = engine.Process(Make.Verdict(1, Gpu), Make.T0).Last()!;
        Assert.Equal(
            (ExecutionState.Observed, "GPU-000-0 has gpu_off_bus (95 %). Would have run: kubernetes.cordon node-000 (reason=gpu_off_bus); kubernetes.evict node-000 (on_failure=hold); until healed for 1 min: healthy{UUID=\"GPU-000-0\"}; kubernetes.uncordon node-000"),
            (run.State, run.Reason));
    }

    [Theory]
    [InlineData(0.95, Strategy.Act, Strategy.Act)]
    [InlineData(0.8, Strategy.Act, Strategy.Act)]
    [InlineData(0.79, Strategy.Act, Strategy.Ask)]
    [InlineData(0.95, Strategy.Ask, Strategy.Ask)]
    [InlineData(0.95, Strategy.Observe, Strategy.Observe)]
    public void Strategy_IsTheLesserOfRunbookAndConfiguration(double confidence, Strategy most, Strategy expected)
    {
        var choose = new ChooseRunbook(Make.Act(), _view, [Make.Cordon(most: most)]);
        Assert.Equal(expected, choose.Process(Make.Verdict(1, Gpu, confidence: confidence), Make.T0).Last().Execution!.Strategy);
    }

    [Fact]
    public void Strategy_OfAnIncidentOfSeverityInfo_IsObserve()
    {
        var verdict = Make.Verdict(1, Gpu);
        var choose = new ChooseRunbook(Make.Act(), _view, [Make.Cordon()]);
        var run = choose.Process(verdict with { Incident = verdict.Incident with { Severity = "info" } }, Make.T0).Last().Execution!;
        Assert.Equal(Strategy.Observe, run.Strategy);
    }

    [Theory]
    [InlineData(FaultClass.ThermalThrottle, 0.95)]
    [InlineData(FaultClass.GpuOffBus, 0.49)]
    public void Verdict_ThatNoRunbookIsFor_ProposesNothing(string faultClass, double confidence)
    {
        var choose = new ChooseRunbook(Make.Act(), _view, [Make.Cordon()]);
        Assert.Null(Assert.Single(choose.Process(Make.Verdict(1, Gpu, faultClass, confidence), Make.T0)).Execution);
    }

    [Fact]
    public void Verdict_OnAService_IsForRunbooksThatNameServices()
    {
        var anything = Make.Cordon(FaultClass.UserCodeError) with { Trigger = new RunbookTrigger([FaultClass.UserCodeError], 0, []) };
        var services = anything with { Id = "restart-service", Trigger = anything.Trigger with { EntityKinds = [EntityKind.Service] } };
        string[] Proposed(EntityKind kind, params Runbook[] runbooks) =>
        [
            .. new ChooseRunbook(Make.Act(), _view, runbooks).Process(Make.Verdict(1, new EntityId(kind, "cart"), FaultClass.UserCodeError, 0), Make.T0)
                .Select(item => item.Execution?.RunbookId).OfType<string>(),
        ];

        Assert.Equal(["user-code-error"], Proposed(EntityKind.Job, anything, services));
        Assert.Equal([], Proposed(EntityKind.Service, anything));
        Assert.Equal(["restart-service"], Proposed(EntityKind.Service, anything, services));
    }

    [Fact]
    public void Verdict_ThatWavers_RunsOncePerCulpritAndStopsWavering()
    {
        var choose = new ChooseRunbook(Make.Act(), _view, [Make.Cordon()]);
        string[] Said(EntityId entity) => [.. choose.Process(Make.Verdict(1, entity), Make.T0).Select(item => item.Execution).OfType<RunbookExecution>().Select(run => $"{run.Id} {run.Target.Name} {run.State}")];
        var (a, b) = (Gpu, Fleets.Gpu(1, 0));
        Assert.Equal(["INC-000001/gpu-off-bus/1 GPU-000-0 Running"], Said(a));
        Assert.Equal([], Said(a));
        Assert.Equal(["INC-000001/gpu-off-bus/1 GPU-000-0 Cancelled", "INC-000001/gpu-off-bus/2 GPU-001-0 Running"], Said(b));
        Assert.Equal([], Said(b));
        Assert.Equal(["INC-000001/gpu-off-bus/2 GPU-001-0 Cancelled", "INC-000001/gpu-off-bus/3 GPU-000-0 Running"], Said(a));
        Assert.Equal(["INC-000001/gpu-off-bus/3 GPU-000-0 Cancelled", "INC-000001/gpu-off-bus/4 GPU-001-0 Running"], Said(b));
        Said(a);
        Said(b);
        Assert.Equal(["INC-000001/gpu-off-bus/6 GPU-001-0 Cancelled"], Said(a));
    }

    [Fact]
    public void Verdict_ThatGrowsSurer_RaisesTheSameRunFromAskToAct()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon()]);
        Assert.Equal(ExecutionState.AwaitingApproval, engine.Process(Make.Verdict(1, Gpu, confidence: 0.7), Make.T0).Last()!.State);
        Assert.Equal(
            ["INC-000001/gpu-off-bus/1 Running", "hold INC-000001/gpu-off-bus/1 node:node-000", "INC-000001/gpu-off-bus/1 Running", "intent INC-000001/gpu-off-bus/1/cordon/1 kubernetes.cordon node:node-000"],
            engine.Process(Make.Verdict(1, Gpu, confidence: 0.9), Make.T0).Words());
        Assert.Empty(engine.Process(Make.Verdict(1, Gpu, confidence: 0.99), Make.T0));
    }

    [Fact]
    public void Incident_ThatHealsBeforeTheAction_CancelsTheRun()
    {
        var engine = new Engine(Make.Act(), _view, [Make.Cordon(most: Strategy.Ask)]);
        var verdict = Make.Verdict(1, Gpu);
        engine.Process(verdict, Make.T0);
        Assert.Equal(["tell INC-000001/Resolved/3", "INC-000001/gpu-off-bus/1 Cancelled"], engine.Process(Make.Resolved(verdict, Make.T0), Make.T0).Words());
        Assert.Empty(engine.Accept(Make.Approve("INC-000001/gpu-off-bus/1"), Make.T0));
    }

    [Fact]
    public void RunRunbook_ByHand_CountsAsItsApproval_AndDryRunOnlyPlans()
    {
        var engine = new Engine(new ResponseOptions(), _view, [Make.Cordon(most: Strategy.Ask)]);
        engine.Process(Make.Verdict(1, Gpu), Make.T0);
        var dry = engine.Accept(new RunRunbook("INC-000001", "gpu-off-bus", DryRun: true) { Actor = "anna", Door = "test", At = Make.T0 }, Make.T0);
        Assert.Equal(["INC-000001/gpu-off-bus/2 Observed"], dry.Words());
        var real = engine.Accept(new RunRunbook("INC-000001", "gpu-off-bus", DryRun: false) { Actor = "anna", Door = "test", At = Make.T0 }, Make.T0);
        Assert.Equal(("anna", "INC-000001/gpu-off-bus/3/cordon/1"), (real.Last()!.DecidedBy, real.Intent()!.OperationId));
        Assert.Empty(engine.Accept(new RunRunbook("INC-000009", "gpu-off-bus", DryRun: false) { Actor = "anna", Door = "test", At = Make.T0 }, Make.T0));
    }
}
