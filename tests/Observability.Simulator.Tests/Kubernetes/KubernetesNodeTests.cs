using System.Text.Json.Nodes;
using Observability.Testing;

namespace Observability.Simulator.Tests;

/// <summary>Nodes over the wire: reading, cordons, taints, conflicts, faulty input.</summary>
public sealed class KubernetesNodeTests
{
    private const string Node = "/api/v1/nodes/node-000";

    [Fact]
    public async Task Get_AbsentNode_IsTheServersStatus()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.GetAsync("/api/v1/nodes/node-999");
        Assert.Equal(404, code);
        Assert.Equal(
            """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"nodes \"node-999\" not found","reason":"NotFound","details":{"name":"node-999","kind":"nodes"},"code":404}""",
            Plain(body));
    }

    [Fact]
    public async Task Cordon_MergePatch_AddsTheControlPlanesTaintAndTellsTheFleet()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(200, (await cluster.PatchAsync(Node, """{"spec":{"unschedulable":true}}""")).Code);
        var node = (await cluster.GetAsync(Node)).Body;
        Assert.Equal(
            """{"podCIDR":"10.128.0.0/24","unschedulable":true,"taints":[{"key":"node.kubernetes.io/unschedulable","effect":"NoSchedule","timeAdded":"2026-03-01T12:00:00Z"}]}""",
            Plain(node["spec"]!));
        Assert.Equal([new CordonChange("node-000", true, Fleets.Start, "tests/1.0")], cluster.Cluster.Cordons);
        Assert.Equal(["schedulable node-000 False"], cluster.Fleet.Calls);
        Assert.Equal("node-001", await cluster.NamesAsync("/api/v1/nodes?fieldSelector=spec.unschedulable%3Dfalse"));
    }

    [Fact]
    public async Task Cordon_Repeated_ChangesNothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PatchAsync(Node, """{"spec":{"unschedulable":true}}""");
        var first = (await cluster.GetAsync(Node)).Body.Text("metadata", "resourceVersion");
        await cluster.PatchAsync(Node, """{"spec":{"unschedulable":true}}""");
        Assert.Equal(first, (await cluster.GetAsync(Node)).Body.Text("metadata", "resourceVersion"));
        Assert.Single(cluster.Cluster.Cordons);
    }

    [Fact]
    public async Task Cordon_DryRun_IsAnsweredButNotDone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.PatchAsync(Node + "?dryRun=All", """{"spec":{"unschedulable":true}}""");
        Assert.Equal((200, true), (code, body.Flag("spec", "unschedulable")));
        Assert.False((await cluster.GetAsync(Node)).Body.Flag("spec", "unschedulable"));
        Assert.Empty(cluster.Fleet.Calls);
    }

    [Fact]
    public async Task Taints_StrategicPatch_ReplacesTheWholeList()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PatchAsync(Node, """{"spec":{"taints":[{"key":"a","effect":"NoSchedule"}]}}""", TestCluster.Strategic);
        var (_, body) = await cluster.PatchAsync(Node, """{"spec":{"taints":[{"key":"b","effect":"NoSchedule"}]}}""", TestCluster.Strategic);
        Assert.Equal(["b"], body.Objects("spec", "taints").Select(taint => taint.Text("key")));
    }

    [Fact]
    public async Task Taints_OfACordonRemovedByAClient_ComeBack()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PatchAsync(Node, """{"spec":{"unschedulable":true}}""");
        await cluster.PatchAsync(Node, """{"spec":{"taints":null}}""");
        var node = (await cluster.GetAsync(Node)).Body;
        Assert.Equal(["node.kubernetes.io/unschedulable"], node.Objects("spec", "taints").Select(taint => taint.Text("key")));
    }

    [Fact]
    public async Task Taint_NoExecute_EvictsAllButDaemonPodsWhateverTheBudget()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateBudgetAsync("\"minAvailable\":2");
        await cluster.PatchAsync(Node, """{"spec":{"taints":[{"key":"gone","effect":"NoExecute"}]}}""");
        Assert.Equal(["evict team-a/trainer-0"], cluster.Fleet.Calls);
        Assert.Equal("dcgm-0 dcgm-1 trainer-1", await cluster.NamesAsync("/api/v1/pods"));
    }

    [Theory]
    [InlineData("""{"spec":{"taints":[{"key":"a","effect":"Never"}]}}""", 422, "Invalid", "Node \"node-000\" is invalid: spec.taints[0].effect: Unsupported value: \"Never\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"")]
    [InlineData("""{"spec":{"taints":[{"effect":"NoSchedule"}]}}""", 422, "Invalid", "Node \"node-000\" is invalid: spec.taints[0].key: Required value: name part must be non-empty")]
    [InlineData("""{"spec":{"unschedulable":"yes"}}""", 400, "BadRequest", "Node in version \"v1\" cannot be handled as a Node: spec.unschedulable must be a boolean, not \"yes\"")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", 400, "BadRequest", "Node in version \"v1\" cannot be handled as a Node: metadata.labels must map strings to strings")]
    [InlineData("""{"metadata":{"resourceVersion":"1"}}""", 409, "Conflict", "Operation cannot be fulfilled on nodes \"node-000\": the object has been modified; please apply your changes to the latest version and try again")]
    [InlineData("""{"metadata":{"uid":"other"}}""", 409, "Conflict", "Operation cannot be fulfilled on nodes \"node-000\": Precondition failed: UID in precondition: other, UID in object meta: 5e0b5e55-0000-4000-8000-000000000005")]
    [InlineData("[1]", 422, "Invalid", "the server rejected our request due to an error in our request: a merge patch must be an object")]
    public async Task Patch_Faulty_IsRefusedWithItsReason(string patch, int code, string reason, string message)
    {
        await using var cluster = await TestCluster.StartAsync();
        var before = Plain((await cluster.GetAsync(Node)).Body);
        var (answered, body) = await cluster.PatchAsync(Node, patch);
        Assert.Equal((code, reason, message), (answered, body.Text("reason"), body.Text("message")));
        Assert.Equal(before, Plain((await cluster.GetAsync(Node)).Body));
    }

    [Theory]
    [InlineData("{", "application/merge-patch+json", 400)]
    [InlineData("""{"spec":{},"spec":{}}""", "application/merge-patch+json", 400)]
    [InlineData("spec: {}", "application/apply-patch+yaml", 415)]
    [InlineData("{}", "application/json", 415)]
    public async Task Patch_UnreadableBody_IsRefused(string patch, string type, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(code, (await cluster.PatchAsync(Node, patch, type)).Code);
    }

    [Fact]
    public async Task Patch_AboveTheBodyLimit_Is413AndTheServerGoesOn()
    {
        await using var cluster = await TestCluster.StartAsync(new KubernetesOptions { BodyLimitBytes = 64 });
        var at = $$$$"""{"metadata":{"labels":{"a":"{{{{new string('x', 32)}}}}"}}}""";
        Assert.Equal(64, at.Length);
        Assert.Equal(200, (await cluster.PatchAsync(Node, at)).Code);
        Assert.Equal(413, (await cluster.PatchAsync(Node, at + " ")).Code);
        Assert.Equal(200, (await cluster.GetAsync(Node)).Code);
    }

    [Fact]
    public async Task Put_OfTheObjectRead_CordonsOnceAndThenConflicts()
    {
        await using var cluster = await TestCluster.StartAsync();
        var node = (await cluster.GetAsync(Node)).Body;
        ((JsonObject)node["spec"]!)["unschedulable"] = true;
        ((JsonObject)node["status"]!)["capacity"] = new JsonObject();
        var (code, body) = await cluster.SendAsync(HttpMethod.Put, Node, node.ToJsonString());
        Assert.Equal((200, "8"), (code, body.Text("status", "capacity", "nvidia.com/gpu")));
        Assert.Equal(409, (await cluster.SendAsync(HttpMethod.Put, Node, node.ToJsonString())).Code);
        Assert.Single(cluster.Cluster.Cordons);
    }

    [Fact]
    public async Task PatchStatus_WritesStatusAlone()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PatchAsync(Node + "/status", """{"spec":{"unschedulable":true},"status":{"allocatable":{"nvidia.com/gpu":"7"}}}""");
        var node = (await cluster.GetAsync(Node)).Body;
        Assert.Equal((false, "7", "8"), (node.Flag("spec", "unschedulable"), node.Text("status", "allocatable", "nvidia.com/gpu"), node.Text("status", "capacity", "nvidia.com/gpu")));
    }

    [Fact]
    public async Task Kubelet_FallingSilentAndReturning_TurnsReadyTaintsPodsAndLease()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PatchAsync(Node, """{"metadata":{"labels":{"mine":"1"}}}""");
        cluster.Fleet.Node("node-000", ready: false);
        cluster.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("Unknown unreachable/NoSchedule unreachable/NoExecute 1 False 12:00:00", await StateAsync(cluster));
        cluster.Fleet.Node("node-000", ready: true);
        cluster.Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal("True 1 True 12:02:00", await StateAsync(cluster));
        Assert.Equal("NodeNotReady NodeReady", string.Join(' ', (await cluster.GetAsync("/api/v1/events")).Body.Objects("items").Select(item => item.Text("reason"))));
    }

    [Fact]
    public async Task CreateAndDelete_OfANode_AreNotAllowed()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(405, (await cluster.SendAsync(HttpMethod.Post, "/api/v1/nodes", """{"metadata":{"name":"n"}}""")).Code);
        Assert.Equal(405, (await cluster.SendAsync(HttpMethod.Delete, Node)).Code);
    }

    [Fact]
    public async Task Cordons_AboveTheLimit_DropTheOldest()
    {
        await using var cluster = await TestCluster.StartAsync(new KubernetesOptions { CordonLimit = 2 });
        foreach (var flag in (string[])["true", "false", "true"])
            await cluster.PatchAsync(Node, $$$"""{"spec":{"unschedulable":{{{flag}}} } }""");
        Assert.Equal([false, true], cluster.Cluster.Cordons.Select(change => change.Cordoned));
    }

    private static async Task<string> StateAsync(TestCluster cluster)
    {
        var node = (await cluster.GetAsync(Node)).Body;
        var pod = (await cluster.GetAsync("/api/v1/namespaces/team-a/pods/trainer-0")).Body;
        var lease = (await cluster.GetAsync("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/node-000")).Body;
        var ready = node.Objects("status", "conditions").Single(condition => condition.Text("type") == "Ready").Text("status");
        var taints = node.Objects("spec", "taints").Select(taint => $"{taint.Text("key").Split('/')[1]}/{taint.Text("effect")}");
        return string.Join(' ', [ready, .. taints, node.Text("metadata", "labels", "mine"), PodObject.IsReady(pod) ? "True" : "False", lease.Text("spec", "renewTime")[11..19]]);
    }

    private static string Plain(JsonNode node) => node.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
