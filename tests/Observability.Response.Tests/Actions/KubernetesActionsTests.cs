using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;

namespace Observability.Response.Tests;

public sealed class KubernetesActionsTests : IAsyncLifetime
{
    private const string Run = "INC-000001/gpu-off-bus/1";
    private readonly FakeCluster _cluster = new();
    private ScriptedServer _server = null!;
    private Kubernetes _kubernetes = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster.AddNode("node-000");
        _server = await ScriptedServer.StartAsync((method, path, query, body) =>
        {
            lock (_cluster)
            {
                var (status, text) = _cluster.Answer(method, path, query, body);
                return (status, text, "");
            }
        });
        _kubernetes = new Kubernetes(new KubernetesClientConfiguration { Host = _server.Url.ToString() });
    }

    public async ValueTask DisposeAsync()
    {
        _kubernetes.Dispose();
        await _server.DisposeAsync();
    }

    private static StepIntent Intent(string action, string run = Run, params (string, string)[] with) =>
        new(run, "step", 1, action, new EntityId(EntityKind.Node, "node-000"), LabelSet.Of(with), Make.T0);

    private Task<(StepResult Result, string Detail)> CordonAsync(string run = Run) => new CordonAction(_kubernetes).RunAsync(
        Intent("kubernetes.cordon", run, ("reason", "xid 79"), ("incident", run[..10]), ("owner", "anna"), ("expires", "2026-03-02")), Make.T0, CancellationToken.None);

    private Task<(StepResult Result, string Detail)> UncordonAsync(string run = Run, string marks = "") =>
        new UncordonAction(_kubernetes).RunAsync(Intent("kubernetes.uncordon", run, ("marks", marks)), Make.T0, CancellationToken.None);

    [Fact]
    public async Task Cordon_MarksTheNode_AndASecondTimeWritesNothing()
    {
        Assert.Equal((StepResult.Succeeded, "node-000 is cordoned"), await CordonAsync());
        Assert.Equal((StepResult.Succeeded, "was cordoned already"), await CordonAsync());
        Assert.Equal(["kept=yes", "observability.io/hold-INC-000001.gpu-off-bus.1=xid 79; incident INC-000001; owner anna; expires 2026-03-02"], _cluster.Annotations("node-000"));
        Assert.Equal(["node-000 cordoned"], _cluster.Writes);
        Assert.Equal((StepResult.Succeeded, "node-000 is schedulable again"), await UncordonAsync());
        Assert.Equal(["kept=yes"], _cluster.Annotations("node-000"));
        Assert.Equal((StepResult.Succeeded, "was schedulable already"), await UncordonAsync());
        Assert.Equal(["node-000 cordoned", "node-000 schedulable"], _cluster.Writes);
    }

    [Fact]
    public async Task Uncordon_OfACordonThatSomebodyElseMade_LeavesIt()
    {
        _cluster.AddNode("node-000", cordoned: true);
        Assert.Equal((StepResult.Succeeded, "stays cordoned: the cordon does not carry this run's mark"), await UncordonAsync());
        Assert.Equal((StepResult.Succeeded, "node-000 was cordoned by somebody else, whose cordon will stay"), await CordonAsync());
        Assert.Equal((StepResult.Succeeded, "stays cordoned: it was before, by somebody else"), await UncordonAsync());
        Assert.Equal(["kept=yes"], _cluster.Annotations("node-000"));
        Assert.Equal([], _cluster.Writes);
    }

    [Fact]
    public async Task Uncordon_WhileAnotherHolds_TakesOnlyItsOwnMark_AndTheLastOneTakesAll()
    {
        const string other = "INC-000002/thermal-throttle/1";
        await CordonAsync();
        await CordonAsync(other);
        Assert.Equal((StepResult.Succeeded, "stays cordoned for 1 other holds"), await UncordonAsync());
        Assert.Equal(["node-000 cordoned"], _cluster.Writes);
        await CordonAsync();
        Assert.Equal((StepResult.Succeeded, "node-000 is schedulable again"), await UncordonAsync(other, $"{Run},{other}"));
        Assert.Equal(["kept=yes"], _cluster.Annotations("node-000"));
    }

    [Fact]
    public async Task Write_ThatMeetsAConflict_IsDecidedAnew_AndGivesUpAfterFive()
    {
        var conflicts = 2;
        _cluster.Before = (method, _) => method == "PATCH" && conflicts-- > 0 ? 409 : null;
        Assert.Equal((StepResult.Succeeded, "node-000 is cordoned"), await CordonAsync());
        conflicts = 99;
        Assert.Equal((StepResult.Failed, "node-000: changed by others 5 times in a row"), await UncordonAsync());
    }

    [Theory]
    [InlineData(404, StepResult.Impossible, "node-000 does not exist any more")]
    [InlineData(403, StepResult.Impossible, "node-000: the cluster answered 403; give the platform's service account get, list and patch on nodes and create on pods/eviction")]
    public async Task Cordon_ThatCannotSucceed_IsImpossible(int status, StepResult result, string detail)
    {
        _cluster.Before = (_, _) => status;
        Assert.Equal((result, detail), await CordonAsync());
    }

    [Fact]
    public async Task Undoing_OnANodeThatIsGone_IsDone()
    {
        _cluster.RemoveNode("node-000");
        Assert.Equal((StepResult.Succeeded, "node-000 does not exist any more"), await UncordonAsync());
        var untaint = await new TaintAction(_kubernetes, adds: false).RunAsync(Intent("kubernetes.untaint", Run, ("key", "a/b")), Make.T0, CancellationToken.None);
        Assert.Equal((StepResult.Succeeded, "node-000 does not exist any more"), untaint);
    }

    [Fact]
    public async Task Taint_IsAddedBesideOthersAndRemovedAlone()
    {
        Task<(StepResult, string)> TaintAsync(bool adds, string key, string effect = "NoSchedule") =>
            new TaintAction(_kubernetes, adds).RunAsync(Intent("kubernetes.taint", Run, ("key", key), ("value", "INC-000001"), ("effect", effect)), Make.T0, CancellationToken.None);
        Assert.Equal((StepResult.Succeeded, "tainted a/one=INC-000001:NoSchedule"), await TaintAsync(true, "a/one"));
        Assert.Equal((StepResult.Succeeded, "was tainted already"), await TaintAsync(true, "a/one"));
        await TaintAsync(true, "a/two");
        Assert.Equal(["a/one=INC-000001:NoSchedule", "a/two=INC-000001:NoSchedule"], _cluster.Taints("node-000"));
        Assert.Equal((StepResult.Succeeded, "removed taint a/one:NoSchedule"), await TaintAsync(false, "a/one"));
        Assert.Equal((StepResult.Succeeded, "was not tainted"), await TaintAsync(false, "a/one"));
        Assert.Equal(["a/two=INC-000001:NoSchedule"], _cluster.Taints("node-000"));
        Assert.Equal((StepResult.Impossible, "step step: parameter 'effect': 'Never' is not one of NoSchedule, PreferNoSchedule, NoExecute"), await TaintAsync(true, "a/b", "Never"));
    }

    [Fact]
    public async Task Evict_RespectsBudgets_SkipsDaemonsAndNamesTheJobsThatStop()
    {
        Task<(StepResult Result, string Detail)> EvictAsync() => new EvictAction(_kubernetes).RunAsync(Intent("kubernetes.evict"), Make.T0, CancellationToken.None);
        _cluster.AddPod("kube-system", "exporter", "node-000", "DaemonSet");
        _cluster.AddPod("kube-system", "static", "node-000", "Node");
        _cluster.AddPod("train", "worker-0", "node-000", job: "llm");
        _cluster.AddPod("train", "worker-1", "node-001", job: "llm");
        _cluster.Budgeted.Add("train/worker-0");
        Assert.Equal((StepResult.NotYet, "a disruption budget holds train/worker-0"), await EvictAsync());
        _cluster.Budgeted.Clear();
        _cluster.Before = (_, path) => path.EndsWith("eviction", StringComparison.Ordinal) ? 429 : null;
        Assert.Equal((StepResult.NotYet, "the cluster is too busy to evict train/worker-0"), await EvictAsync());
        _cluster.Before = (_, _) => null;
        Assert.Equal((StepResult.NotYet, "1 pods are on their way out: train/worker-0; jobs that stop with them: llm"), await EvictAsync());
        Assert.Equal((StepResult.Succeeded, "no pod is left to evict"), await EvictAsync());
        Assert.Equal(["evicted train/worker-0"], _cluster.Writes);
    }

    [Fact]
    public async Task Cordon_WhoseAnswerWasLost_IsFoundDoneWhenTriedAgain()
    {
        var lose = true;
        using var kubernetes = _cluster.InProcess();
        _cluster.LosesAnswer = (method, _) => method == "PATCH" && lose;
        var worker = new EffectWorker([new CordonAction(kubernetes)], NullLogger<EffectWorker>.Instance);
        var intent = Intent("kubernetes.cordon");
        Assert.True(worker.Enqueue(intent));
        Assert.False(worker.Enqueue(intent));
        var lost = Assert.Single(await worker.RunDueAsync(Make.T0, CancellationToken.None));
        Assert.Equal((StepResult.Failed, "connection reset"), (lost.Result, lost.Detail));
        lose = false;
        worker.Enqueue(intent with { Attempt = 2 });
        var again = Assert.Single(await worker.RunDueAsync(Make.T0, CancellationToken.None));
        Assert.Equal((StepResult.Succeeded, "was cordoned already"), (again.Result, again.Detail));
        Assert.Equal(["node-000 cordoned"], _cluster.Writes);
    }

    [Fact]
    public void AnnotationKey_OfALongRun_StaysWithinKubernetesLimits()
    {
        var key = NodeHolds.KeyOf("INC-000001/" + new string('x', 80) + "/1");
        Assert.Equal(63, key.Split('/')[1].Length);
        Assert.NotEqual(key, NodeHolds.KeyOf("INC-000001/" + new string('x', 80) + "/2"));
    }
}
