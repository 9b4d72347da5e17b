namespace Observability.Simulator.Tests;

/// <summary>The real kubectl reads and changes the simulated cluster; skipped where it is not installed.</summary>
public sealed class KubectlTests
{
    private const string Budget = """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata:
          name: trainer-pdb
          namespace: team-a
        spec:
          minAvailable: 2
          selector:
            matchLabels:
              app: trainer
        """;

    [Fact]
    public async Task Get_NodesAndPods_PrintsTheServersTable()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        await cluster.GetAsync("/api/v1/nodes");
        cluster.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal((0, "NAME       STATUS   ROLES    AGE   VERSION\nnode-000   Ready    <none>   5m    v1.32.4\nnode-001   Ready    <none>   5m    v1.32.4\n"), await kubectl.RunAsync("get", "nodes"));
        Assert.Equal((0, "NAME        READY   STATUS    RESTARTS   AGE\ntrainer-0   1/1     Running   0          5m\ntrainer-1   1/1     Running   0          5m\n"), await kubectl.RunAsync("get", "pods", "-n", "team-a"));
        Assert.Equal((0, "pod/dcgm-1\npod/trainer-1\n"), await kubectl.RunAsync("get", "pods", "-A", "--field-selector", "spec.nodeName=node-001", "-o", "name"));
    }

    [Fact]
    public async Task Get_Wide_ShowsWhereAPodRuns()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        var (code, text) = await kubectl.RunAsync("get", "pods", "-A", "-o", "wide");
        var columns = text.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((0, "monitoring dcgm-0 1/1 Running 0 0s node-000"), (code, string.Join(' ', [.. columns[..6], columns[7]])));
    }

    [Fact]
    public async Task Cordon_ThenUncordon_TellsTheFleetAndIsRecorded()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal((0, "node/node-000 cordoned\n"), await kubectl.RunAsync("cordon", "node-000"));
        Assert.Contains("Ready,SchedulingDisabled", (await kubectl.RunAsync("get", "node", "node-000")).Text, StringComparison.Ordinal);
        Assert.Equal((0, "node/node-000 already cordoned\n"), await kubectl.RunAsync("cordon", "node-000"));
        Assert.Equal((0, "node/node-000 uncordoned\n"), await kubectl.RunAsync("uncordon", "node-000"));
        Assert.Equal(["schedulable node-000 False", "schedulable node-000 True"], cluster.Fleet.Calls);
        Assert.Equal([true, false], cluster.Cluster.Cordons.Select(change => change.Cordoned));
        Assert.All(cluster.Cluster.Cordons, change => Assert.StartsWith("kubectl", change.UserAgent, StringComparison.Ordinal));
        Assert.Equal((0, ""), await kubectl.RunAsync("get", "node", "node-000", "-o", "jsonpath={.spec.taints}"));
    }

    [Fact]
    public async Task Taint_AddedAndRemoved_LeavesTheOthers()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        await kubectl.RunAsync("cordon", "node-000");
        Assert.Equal((0, "node/node-000 tainted\n"), await kubectl.RunAsync("taint", "nodes", "node-000", "nvidia.com/gpu-xid-error=true:NoSchedule"));
        Assert.Equal((0, "nvidia.com/gpu-xid-error node.kubernetes.io/unschedulable"), await TaintsAsync(kubectl));
        Assert.Equal((0, "node/node-000 untainted\n"), await kubectl.RunAsync("taint", "nodes", "node-000", "nvidia.com/gpu-xid-error-"));
        Assert.Equal((0, "node.kubernetes.io/unschedulable"), await TaintsAsync(kubectl));
    }

    [Fact]
    public async Task Drain_UnderABudget_IsRefusedAndSucceedsWhenTheBudgetGoes()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal((0, "poddisruptionbudget.policy/trainer-pdb created\n"), await kubectl.RunAsync("create", "-f", kubectl.Write("pdb.yaml", Budget)));
        var refused = await kubectl.RunAsync("drain", "node-000", "--ignore-daemonsets", "--timeout=2s");
        Assert.Equal(1, refused.Code);
        Assert.Contains("Cannot evict pod as it would violate the pod's disruption budget.", refused.Text, StringComparison.Ordinal);
        Assert.Equal((0, "poddisruptionbudget.policy \"trainer-pdb\" deleted\n"), await kubectl.RunAsync("delete", "pdb", "trainer-pdb", "-n", "team-a"));
        var drained = await kubectl.RunAsync("drain", "node-000", "--ignore-daemonsets", "--timeout=30s");
        Assert.Equal(0, drained.Code);
        Assert.Contains("node/node-000 drained", drained.Text, StringComparison.Ordinal);
        Assert.Equal(["schedulable node-000 False", "evict team-a/trainer-0"], cluster.Fleet.Calls);
    }

    [Fact]
    public async Task Drain_WithAPodNobodyOwns_NeedsForce()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        cluster.Fleet.Pod(new SimulatedPod("team-a", "loner", "uid-loner", "node-001", "", FakeWorkloads.App("loner"), "", "", true));
        var refused = await kubectl.RunAsync("drain", "node-001", "--ignore-daemonsets", "--timeout=10s");
        Assert.Equal(1, refused.Code);
        Assert.Contains("use --force to override", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, (await kubectl.RunAsync("drain", "node-001", "--ignore-daemonsets", "--force", "--timeout=30s")).Code);
        Assert.Equal(["evict team-a/loner", "evict team-a/trainer-1", "schedulable node-001 False"], cluster.Fleet.Calls.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task DescribeNode_ACordonedNode_ShowsTaintPodsAndEvents()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        await kubectl.RunAsync("cordon", "node-000");
        var (code, text) = await kubectl.RunAsync("describe", "node", "node-000");
        Assert.Equal(0, code);
        foreach (var part in (string[])["Taints:             node.kubernetes.io/unschedulable:NoSchedule", "Unschedulable:      true", "HolderIdentity:  node-000", "trainer-0", "NodeNotSchedulable", "nvidia.com/gpu:     8"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetEvents_AfterACordon_ShowsIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        await kubectl.RunAsync("cordon", "node-000");
        Assert.Equal(
            (0, "LAST SEEN   TYPE     REASON               OBJECT          MESSAGE\n0s          Normal   NodeNotSchedulable   node/node-000   Node node-000 status is now: NodeNotSchedulable\n"),
            await kubectl.RunAsync("get", "events"));
    }

    [Fact]
    public async Task LabelAndAnnotate_ANode_AreKept()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal((0, "node/node-000 labeled\n"), await kubectl.RunAsync("label", "node", "node-000", "hold=gpu"));
        Assert.Equal((0, "node/node-000 annotated\n"), await kubectl.RunAsync("annotate", "node", "node-000", "hold/reason=Xid 79"));
        Assert.Equal((0, "node-000 Xid 79"), await kubectl.RunAsync("get", "nodes", "-l", "hold=gpu", "-o", "jsonpath={.items[*].metadata.name} {.items[0].metadata.annotations.hold/reason}"));
    }

    [Fact]
    public async Task Wait_ForAPodToGo_EndsWhenTheFleetRemovesIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        cluster.Fleet.Linger = true;
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0")).Code);
        Assert.Contains("Terminating", (await kubectl.RunAsync("get", "pod", "trainer-0", "-n", "team-a")).Text, StringComparison.Ordinal);
        var waiting = kubectl.RunAsync("wait", "--for=delete", "pod/trainer-0", "-n", "team-a", "--timeout=30s");
        cluster.Fleet.Remove("trainer-0");
        cluster.Cluster.Advance(cluster.Time.GetUtcNow());
        Assert.Equal(0, (await waiting).Code);
    }

    [Fact]
    public async Task Apply_ABudgetTwice_CreatesThenConfigures()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal((0, "poddisruptionbudget.policy/trainer-pdb created\n"), await kubectl.RunAsync("apply", "-f", kubectl.Write("a.yaml", Budget)));
        Assert.Equal((0, "poddisruptionbudget.policy/trainer-pdb configured\n"), await kubectl.RunAsync("apply", "-f", kubectl.Write("b.yaml", Budget.Replace("minAvailable: 2", "minAvailable: 1", StringComparison.Ordinal))));
        Assert.Equal(
            (0, "NAME          MIN AVAILABLE   MAX UNAVAILABLE   ALLOWED DISRUPTIONS   AGE\ntrainer-pdb   1               N/A               1                     0s\n"),
            await kubectl.RunAsync("get", "pdb", "-n", "team-a"));
    }

    [Fact]
    public async Task Delete_APod_WaitsUntilItIsGone()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal(0, (await kubectl.RunAsync("delete", "pod", "trainer-1", "-n", "team-a", "--timeout=30s")).Code);
        Assert.Equal(["evict team-a/trainer-1"], cluster.Fleet.Calls);
    }

    [Fact]
    public async Task DrainAndCordon_OnTheServersDryRun_ChangeNothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal(0, (await kubectl.RunAsync("drain", "node-000", "--ignore-daemonsets", "--dry-run=server")).Code);
        Assert.Empty(cluster.Fleet.Calls);
        Assert.Empty(cluster.Cluster.Cordons);
    }

    [Fact]
    public async Task Patch_OfEachType_IsAccepted()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal(0, (await kubectl.RunAsync("patch", "node", "node-000", "-p", """{"metadata":{"labels":{"s":"1"}}}""")).Code);
        Assert.Equal(0, (await kubectl.RunAsync("patch", "node", "node-000", "--type=merge", "-p", """{"metadata":{"labels":{"m":"1"}}}""")).Code);
        Assert.Equal(0, (await kubectl.RunAsync("patch", "node", "node-000", "--type=json", "-p", """[{"op":"add","path":"/metadata/labels/j","value":"1"}]""")).Code);
        Assert.Equal((0, "node/node-000\n"), await kubectl.RunAsync("get", "nodes", "-l", "s=1,m=1,j=1", "-o", "name"));
    }

    [Theory]
    [InlineData("api-resources")]
    [InlineData("api-versions")]
    [InlineData("version")]
    [InlineData("events -A")]
    [InlineData("get all -A")]
    [InlineData("get ds,jobs,leases,ns,pdb,events -A -o wide")]
    [InlineData("get nodes -o yaml")]
    [InlineData("get nodes --sort-by=.metadata.name --show-labels")]
    [InlineData("get nodes --chunk-size=1")]
    [InlineData("describe pods -n team-a")]
    [InlineData("describe nodes")]
    public async Task Read_OfEveryOtherSort_Succeeds(string command)
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        var (code, text) = await kubectl.RunAsync(command.Split(' '));
        Assert.True(code == 0 && text.Length > 0 && !text.Contains("rror", StringComparison.Ordinal), text);
    }

    [Fact]
    public async Task Cordon_AnAbsentNode_PrintsTheServersReason()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var kubectl = new Kubectl(cluster);
        Assert.Equal((1, "Error from server (NotFound): nodes \"node-999\" not found\n"), await kubectl.RunAsync("cordon", "node-999"));
    }

    private static Task<(int Code, string Text)> TaintsAsync(Kubectl kubectl) =>
        kubectl.RunAsync("get", "node", "node-000", "-o", "jsonpath={.spec.taints[*].key}");
}
