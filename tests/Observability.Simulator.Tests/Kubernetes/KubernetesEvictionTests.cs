using System.Text.Json.Nodes;

namespace Observability.Simulator.Tests;

/// <summary>Eviction and deletion of pods under disruption budgets.</summary>
public sealed class KubernetesEvictionTests
{
    private const string Budget = "/apis/policy/v1/namespaces/team-a/poddisruptionbudgets/trainer-pdb";

    [Fact]
    public async Task Evict_WithoutABudget_Is201AndTheFleetIsTold()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.EvictAsync("trainer-0");
        Assert.Equal((201, """{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","code":201}"""), (code, body.ToJsonString()));
        Assert.Equal(["evict team-a/trainer-0"], cluster.Fleet.Calls);
        Assert.Equal("trainer-1", await cluster.NamesAsync("/api/v1/namespaces/team-a/pods"));
    }

    [Fact]
    public async Task Evict_AgainstTheBudget_Is429WithTheBudgetNamed()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(201, (await cluster.CreateBudgetAsync("\"minAvailable\":2")).Code);
        var (code, body) = await cluster.EvictAsync("trainer-0");
        Assert.Equal(429, code);
        Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(
            """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Cannot evict pod as it would violate the pod's disruption budget.",
             "reason":"TooManyRequests","details":{"causes":[{"reason":"DisruptionBudget","message":"The disruption budget trainer-pdb needs 2 healthy pods and has 2 currently"}]},"code":429}
            """)));
        Assert.Empty(cluster.Fleet.Calls);
    }

    [Theory]
    [InlineData("\"minAvailable\":1", "2 1 1 2")]
    [InlineData("\"minAvailable\":\"50%\"", "2 1 1 2")]
    [InlineData("\"minAvailable\":\"51%\"", "2 2 0 2")]
    [InlineData("\"maxUnavailable\":0", "2 2 0 2")]
    [InlineData("\"maxUnavailable\":\"50%\"", "2 1 1 2")]
    public async Task Budget_Status_CountsHealthyDesiredAllowedExpected(string spec, string status)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateBudgetAsync(spec);
        Assert.Equal(status, await StatusAsync(cluster));
    }

    [Fact]
    public async Task Budget_MaxUnavailable_CountsPodsThatLeftAsUnavailable()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateBudgetAsync("\"maxUnavailable\":1");
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0")).Code);
        Assert.Equal("1 1 0 2", await StatusAsync(cluster));
        Assert.Equal(429, (await cluster.EvictAsync("trainer-1")).Code);
        cluster.Fleet.Pod(new SimulatedPod("team-a", "trainer-0", "uid-trainer-0b", "node-000", "llama", FakeWorkloads.App("trainer"), "Job", "llama", true));
        Assert.Equal(201, (await cluster.EvictAsync("trainer-1")).Code);
    }

    [Fact]
    public async Task Evict_OfACrashedPod_FollowsTheUnhealthyPolicy()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateBudgetAsync("\"minAvailable\":2");
        await cluster.GetAsync("/api/v1/pods");
        cluster.Fleet.Pod(new SimulatedPod("team-a", "trainer-0", "uid-trainer-0", "node-000", "llama", FakeWorkloads.App("trainer"), "Job", "llama", false));
        Assert.Equal(429, (await cluster.EvictAsync("trainer-0")).Code);
        await cluster.PatchAsync(Budget, """{"spec":{"unhealthyPodEvictionPolicy":"AlwaysAllow"}}""");
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0")).Code);
    }

    [Fact]
    public async Task Evict_UnderTwoBudgets_Is500()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateBudgetAsync("\"minAvailable\":0");
        await cluster.SendAsync(HttpMethod.Post, "/apis/policy/v1/namespaces/team-a/poddisruptionbudgets", """{"metadata":{"name":"second"},"spec":{"selector":{},"minAvailable":0}}""");
        var (code, body) = await cluster.EvictAsync("trainer-0");
        Assert.Equal((500, "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."), (code, body.Text("message")));
    }

    [Fact]
    public async Task Evict_ASuccessorUnderTheSameName_IsRefusedByThePrecondition()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.EvictAsync("trainer-0", """{"preconditions":{"uid":"uid-old"}}""");
        Assert.Equal((409, "Conflict"), (code, body.Text("reason")));
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0", """{"preconditions":{"uid":"uid-trainer-0"}}""")).Code);
        Assert.Equal(404, (await cluster.EvictAsync("trainer-0")).Code);
    }

    [Fact]
    public async Task Evict_DryRun_OnlyAsksTheBudget()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0", """{"dryRun":["All"]}""")).Code);
        await cluster.CreateBudgetAsync("\"minAvailable\":2");
        Assert.Equal(429, (await cluster.EvictAsync("trainer-0", """{"dryRun":["All"]}""")).Code);
        Assert.Empty(cluster.Fleet.Calls);
    }

    [Fact]
    public async Task Evict_APodThatLingers_IsTerminatingAndTheFleetIsToldOnce()
    {
        await using var cluster = await TestCluster.StartAsync();
        cluster.Fleet.Linger = true;
        await cluster.CreateBudgetAsync("\"minAvailable\":1");
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0", """{"gracePeriodSeconds":300}""")).Code);
        Assert.Equal(201, (await cluster.EvictAsync("trainer-0")).Code);
        var pod = (await cluster.GetAsync("/api/v1/namespaces/team-a/pods/trainer-0")).Body;
        Assert.Equal("2026-03-01T12:05:00Z", pod.Text("metadata", "deletionTimestamp"));
        Assert.Equal("1 1 0 2", await StatusAsync(cluster));
        Assert.Equal(["evict team-a/trainer-0"], cluster.Fleet.Calls);
        cluster.Fleet.Remove("trainer-0");
        Assert.Equal(404, (await cluster.GetAsync("/api/v1/namespaces/team-a/pods/trainer-0")).Code);
    }

    [Fact]
    public async Task Delete_OfAPod_PassesTheBudget()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.CreateBudgetAsync("\"minAvailable\":2");
        Assert.Equal(200, (await cluster.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/team-a/pods/trainer-0", """{"gracePeriodSeconds":0}""")).Code);
        Assert.Equal(["evict team-a/trainer-0"], cluster.Fleet.Calls);
    }

    [Theory]
    [InlineData("\"minAvailable\":1,\"maxUnavailable\":1", "spec: Invalid value: minAvailable and maxUnavailable cannot be both set")]
    [InlineData("\"minAvailable\":\"half\"", "spec.minAvailable: Invalid value: \"half\": must be a number at least 0 or a percentage such as 50%")]
    [InlineData("\"maxUnavailable\":-1", "spec.maxUnavailable: Invalid value: -1: must be a number at least 0 or a percentage such as 50%")]
    public async Task Budget_FaultySpec_IsInvalid(string spec, string message)
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.CreateBudgetAsync(spec);
        Assert.Equal((422, $"PodDisruptionBudget.policy \"trainer-pdb\" is invalid: {message}"), (code, body.Text("message")));
    }

    [Fact]
    public async Task Owners_OfThePods_AreListedAndFadeAfterTheirPods()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal("dcgm", await cluster.NamesAsync("/apis/apps/v1/daemonsets"));
        Assert.Equal("llama", await cluster.NamesAsync("/apis/batch/v1/namespaces/team-a/jobs"));
        cluster.Fleet.Remove("trainer-0");
        cluster.Fleet.Remove("trainer-1");
        cluster.Time.Advance(TimeSpan.FromMinutes(10));
        var job = (await cluster.GetAsync("/apis/batch/v1/namespaces/team-a/jobs/llama")).Body;
        Assert.Equal((2, 0), (job.Number("spec", "parallelism"), job.Number("status", "active")));
        cluster.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("", await cluster.NamesAsync("/apis/batch/v1/jobs"));
    }

    [Fact]
    public async Task Pod_CrashingAndReturning_CountsARestart()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal("1/1 Running 0", await RowAsync(cluster));
        var pod = cluster.Fleet.Pods.Single(pod => pod.Name == "trainer-0");
        cluster.Fleet.Pod(pod with { Running = false });
        Assert.Equal("0/1 CrashLoopBackOff 0", await RowAsync(cluster));
        cluster.Fleet.Pod(pod);
        Assert.Equal("1/1 Running 1", await RowAsync(cluster));
    }

    private static async Task<string> RowAsync(TestCluster cluster)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces/team-a/pods/trainer-0");
        request.Headers.TryAddWithoutValidation("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        using var response = await cluster.Http.SendAsync(request);
        var table = (JsonObject)JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        var cells = (JsonArray)table.Objects("rows").Single()["cells"]!;
        return string.Join(' ', cells.Skip(1).Take(3).Select(JsonFields.Scalar));
    }

    private static async Task<string> StatusAsync(TestCluster cluster)
    {
        var budget = (await cluster.GetAsync(Budget)).Body;
        return string.Join(' ', ((string[])["currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"]).Select(field => budget.Text("status", field)));
    }
}
