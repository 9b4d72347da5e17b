using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Observability.Simulator.Tests;

/// <summary>The official C# client works against the simulated cluster as the platform uses it.</summary>
public sealed class KubernetesClientTests
{
    [Fact]
    public async Task List_NodesAndPods_ReadsTheFleet()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        var nodes = await client.CoreV1.ListNodeAsync();
        Assert.Equal(["node-000", "node-001"], nodes.Items.Select(node => node.Name()));
        Assert.Equal("8", nodes.Items[0].Status.Allocatable["nvidia.com/gpu"].ToString());
        var pods = await client.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: "spec.nodeName=node-001", labelSelector: "app=trainer");
        Assert.Equal(["trainer-1"], pods.Items.Select(pod => pod.Name()));
        Assert.Equal("uid-trainer-1", pods.Items[0].Uid());
    }

    [Fact]
    public async Task Patch_Unschedulable_CordonsTheNode()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        var patch = new V1Patch(new { spec = new { unschedulable = true } }, V1Patch.PatchType.StrategicMergePatch);
        Assert.True((await client.CoreV1.PatchNodeAsync(patch, "node-000")).Spec.Unschedulable);
        Assert.Equal("node.kubernetes.io/unschedulable", (await client.CoreV1.ReadNodeAsync("node-000")).Spec.Taints.Single().Key);
    }

    [Fact]
    public async Task PatchStatus_ACondition_MergesByType()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        var condition = new { type = "SysLogsXIDError", status = "True", reason = "Xid79", message = "GPU has fallen off the bus" };
        var patch = new V1Patch(new { status = new { conditions = new[] { condition } } }, V1Patch.PatchType.StrategicMergePatch);
        await client.CoreV1.PatchNodeStatusAsync(patch, "node-000");
        var node = await client.CoreV1.ReadNodeAsync("node-000");
        Assert.Equal(["MemoryPressure", "DiskPressure", "PIDPressure", "Ready", "SysLogsXIDError"], node.Status.Conditions.Select(item => item.Type));
    }

    [Fact]
    public async Task Replace_WithAnOldVersion_ConflictsAndLeavesTheNode()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        var node = await client.CoreV1.ReadNodeAsync("node-000");
        await client.CoreV1.PatchNodeAsync(new V1Patch("""{"metadata":{"labels":{"a":"b"}}}""", V1Patch.PatchType.MergePatch), "node-000");
        node.Spec.Unschedulable = true;
        var conflict = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoreV1.ReplaceNodeAsync(node, "node-000"));
        Assert.Equal(HttpStatusCode.Conflict, conflict.Response.StatusCode);
        Assert.Empty(cluster.Cluster.Cordons);
    }

    [Fact]
    public async Task Evict_UnderABudget_IsTooManyRequestsThenAllowed()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        var budget = new V1PodDisruptionBudget
        {
            Metadata = new V1ObjectMeta { Name = "trainer-pdb" },
            Spec = new V1PodDisruptionBudgetSpec { MaxUnavailable = 1, Selector = new V1LabelSelector { MatchLabels = FakeWorkloads.App("trainer") } },
        };
        await client.PolicyV1.CreateNamespacedPodDisruptionBudgetAsync(budget, "team-a");
        await client.CoreV1.CreateNamespacedPodEvictionAsync(Eviction("trainer-0", "uid-trainer-0"), "trainer-0", "team-a");
        var refused = await Assert.ThrowsAsync<HttpOperationException>(
            () => client.CoreV1.CreateNamespacedPodEvictionAsync(Eviction("trainer-1", "uid-trainer-1"), "trainer-1", "team-a"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Response.StatusCode);
        Assert.Equal(["evict team-a/trainer-0"], cluster.Fleet.Calls);
    }

    [Fact]
    public async Task Watch_Nodes_SeesAddedThenModified()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<string>();
        await foreach (var (type, node) in client.CoreV1.WatchListNodeAsync(cancellationToken: limit.Token))
        {
            seen.Add($"{type} {node.Name()} {node.Spec.Unschedulable ?? false} {node.Spec.Taints?.Count ?? 0}");
            if (seen.Count == 2)
                await client.CoreV1.PatchNodeAsync(new V1Patch("""{"spec":{"unschedulable":true}}""", V1Patch.PatchType.MergePatch), "node-001");
            if (seen.Count == 4)
                break;
        }

        Assert.Equal(["Added node-000 False 0", "Added node-001 False 0", "Modified node-001 True 0", "Modified node-001 True 1"], seen);
    }

    [Fact]
    public async Task Lease_TwoContenders_OnlyOneHoldsIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var client = Client(cluster);
        var created = await client.CoordinationV1.CreateNamespacedLeaseAsync(Lease("a"), "kube-system");
        var second = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoordinationV1.CreateNamespacedLeaseAsync(Lease("b"), "kube-system"));
        Assert.Equal(HttpStatusCode.Conflict, second.Response.StatusCode);
        var stale = await client.CoordinationV1.ReadNamespacedLeaseAsync("platform", "kube-system");
        created.Spec.RenewTime = cluster.Time.GetUtcNow().UtcDateTime.AddSeconds(10);
        await client.CoordinationV1.ReplaceNamespacedLeaseAsync(created, "platform", "kube-system");
        stale.Spec.HolderIdentity = "b";
        var lost = await Assert.ThrowsAsync<HttpOperationException>(() => client.CoordinationV1.ReplaceNamespacedLeaseAsync(stale, "platform", "kube-system"));
        Assert.Equal(HttpStatusCode.Conflict, lost.Response.StatusCode);
        Assert.Equal("a", (await client.CoordinationV1.ReadNamespacedLeaseAsync("platform", "kube-system")).Spec.HolderIdentity);
    }

    private static k8s.Kubernetes Client(TestCluster cluster) => new(new KubernetesClientConfiguration { Host = cluster.Url });

    private static V1Eviction Eviction(string pod, string uid) => new()
    {
        Metadata = new V1ObjectMeta { Name = pod, NamespaceProperty = "team-a" },
        DeleteOptions = new V1DeleteOptions { GracePeriodSeconds = 300, Preconditions = new V1Preconditions { Uid = uid } },
    };

    private static V1Lease Lease(string holder) => new()
    {
        Metadata = new V1ObjectMeta { Name = "platform" },
        Spec = new V1LeaseSpec { HolderIdentity = holder, LeaseDurationSeconds = 15 },
    };
}
