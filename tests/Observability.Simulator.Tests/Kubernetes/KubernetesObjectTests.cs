using System.Text.Json.Nodes;

namespace Observability.Simulator.Tests;

/// <summary>Discovery, lists, events and leases over the wire.</summary>
public sealed class KubernetesObjectTests
{
    private const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";

    [Fact]
    public async Task Discovery_ListsWhatIsServed()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal("v1.32.4", (await cluster.GetAsync("/version")).Body.Text("gitVersion"));
        Assert.Equal(
            ["apps", "batch", "coordination.k8s.io", "events.k8s.io", "policy"],
            (await cluster.GetAsync("/apis")).Body.Objects("groups").Select(group => group.Text("name")));
        Assert.Equal(
            ["namespaces", "namespaces/status", "nodes", "nodes/status", "pods", "pods/status", "pods/eviction", "events"],
            (await cluster.GetAsync("/api/v1")).Body.Objects("resources").Select(resource => resource.Text("name")));
        Assert.Equal("/openapi/v3/apis/policy/v1", (await cluster.GetAsync("/openapi/v3")).Body.Text("paths", "apis/policy/v1", "serverRelativeURL"));
    }

    [Theory]
    [InlineData("/api/v1/gadgets")]
    [InlineData("/api/v2/nodes")]
    [InlineData("/apis/none.example/v1")]
    [InlineData("/api/v1/nodes/node-000/logs")]
    [InlineData("/api/v1/pods/trainer-0")]
    [InlineData("/api/v1/namespaces/team-a/nodes")]
    [InlineData("/openapi/v2")]
    public async Task Get_OfAPathNotServed_Is404(string path)
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.GetAsync(path);
        Assert.Equal((404, "the server could not find the requested resource"), (code, body.Text("message")));
    }

    [Theory]
    [InlineData("labelSelector=app%3Dtrainer", "trainer-0 trainer-1")]
    [InlineData("labelSelector=app!%3Dtrainer", "dcgm-0 dcgm-1")]
    [InlineData("labelSelector=app%20in%20(trainer,x),job-name", "trainer-0 trainer-1")]
    [InlineData("labelSelector=!job-name", "dcgm-0 dcgm-1")]
    [InlineData("labelSelector=app%20notin%20(dcgm)", "trainer-0 trainer-1")]
    [InlineData("fieldSelector=spec.nodeName%3Dnode-001,metadata.namespace!%3Dteam-a", "dcgm-1")]
    [InlineData("fieldSelector=metadata.name%3Dtrainer-0", "trainer-0")]
    [InlineData("fieldSelector=status.phase!%3DRunning", "")]
    public async Task List_UnderASelector_GivesWhatMatches(string query, string names)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(names, await cluster.NamesAsync("/api/v1/pods?" + query));
    }

    [Theory]
    [InlineData("labelSelector=app%20within%20(a)")]
    [InlineData("labelSelector=,")]
    [InlineData("fieldSelector=spec.image%3Dx")]
    [InlineData("fieldSelector=metadata.name")]
    [InlineData("continue=%25")]
    public async Task List_WithAFaultyQuery_Is400(string query)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(400, (await cluster.GetAsync("/api/v1/pods?" + query)).Code);
    }

    [Fact]
    public async Task List_InPages_GivesEveryObjectOnceUnderOneVersion()
    {
        await using var cluster = await TestCluster.StartAsync();
        var first = (await cluster.GetAsync("/api/v1/pods?limit=3")).Body;
        await cluster.EvictAsync("trainer-0");
        var second = (await cluster.GetAsync("/api/v1/pods?limit=3&continue=" + Uri.EscapeDataString(first.Text("metadata", "continue")))).Body;
        Assert.Equal(["dcgm-0", "dcgm-1", "trainer-0", "trainer-1"], first.Objects("items").Concat(second.Objects("items")).Select(pod => pod.Name()));
        Assert.Equal(("1", ""), (first.Text("metadata", "remainingItemCount"), second.Text("metadata", "continue")));
        Assert.Equal(first.Text("metadata", "resourceVersion"), second.Text("metadata", "resourceVersion"));
    }

    [Fact]
    public async Task Lease_UpdateWithoutAVersion_IsRefused()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(201, (await cluster.SendAsync(HttpMethod.Post, Leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"a"}}""")).Code);
        var (code, body) = await cluster.SendAsync(HttpMethod.Put, Leases + "/l", """{"metadata":{"name":"l"},"spec":{"holderIdentity":"b"}}""");
        Assert.Equal((422, "Lease.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0x0: must be specified for an update"), (code, body.Text("message")));
        Assert.Equal(201, (await cluster.SendAsync(HttpMethod.Put, Leases + "/new", """{"metadata":{"name":"new"},"spec":{}}""")).Code);
    }

    [Fact]
    public async Task Lease_ManyContendersAtOnce_ExactlyOneWins()
    {
        await using var cluster = await TestCluster.StartAsync();
        var created = (await cluster.SendAsync(HttpMethod.Post, Leases, """{"metadata":{"name":"l"},"spec":{"holderIdentity":"none"}}""")).Body;
        var attempts = Enumerable.Range(0, 16).Select(n =>
        {
            var mine = created.Copy();
            ((JsonObject)mine["spec"]!)["holderIdentity"] = $"c{n}";
            return cluster.SendAsync(HttpMethod.Put, Leases + "/l", mine.ToJsonString());
        });
        var codes = (await Task.WhenAll(attempts)).Select(answer => answer.Code).ToArray();
        Assert.Equal((1, 15), (codes.Count(code => code == 200), codes.Count(code => code == 409)));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"Bad_Name"}}""", 422)]
    [InlineData("""{"metadata":{}}""", 422)]
    [InlineData("""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"l"}}""", 400)]
    [InlineData("""{"kind":"Lease","apiVersion":"coordination.k8s.io/v1beta1","metadata":{"name":"l"}}""", 400)]
    [InlineData("""{"metadata":{"name":"l","namespace":"other"}}""", 400)]
    [InlineData("""{"metadata":{"name":"l"},"spec":{"leaseDurationSeconds":0}}""", 422)]
    [InlineData("[]", 400)]
    public async Task Create_Faulty_IsRefused(string body, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(code, (await cluster.SendAsync(HttpMethod.Post, Leases, body)).Code);
        Assert.Equal("", await cluster.NamesAsync(Leases));
    }

    [Fact]
    public async Task Create_InAnAbsentNamespace_NamesIt()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.SendAsync(HttpMethod.Post, "/apis/coordination.k8s.io/v1/namespaces/nowhere/leases", """{"metadata":{"name":"l"}}""");
        Assert.Equal((404, "namespaces \"nowhere\" not found"), (code, body.Text("message")));
    }

    [Fact]
    public async Task Create_AboveTheObjectLimit_IsForbidden()
    {
        // Two of the three are the nodes' own.
        await using var cluster = await TestCluster.StartAsync(new KubernetesOptions { ObjectLimit = 3 });
        Assert.Equal(201, (await cluster.SendAsync(HttpMethod.Post, Leases, """{"metadata":{"name":"a"}}""")).Code);
        Assert.Equal(403, (await cluster.SendAsync(HttpMethod.Post, Leases, """{"metadata":{"name":"b"}}""")).Code);
        Assert.Equal(200, (await cluster.SendAsync(HttpMethod.Delete, Leases + "/a")).Code);
        Assert.Equal(201, (await cluster.SendAsync(HttpMethod.Post, Leases, """{"metadata":{"name":"b"}}""")).Code);
    }

    [Fact]
    public async Task Event_OfTheNewGroup_ReadsAsACoreEvent()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.SendAsync(
            HttpMethod.Post,
            "/apis/events.k8s.io/v1/namespaces/default/events",
            """{"metadata":{"generateName":"cordon-"},"eventTime":"2026-03-01T12:00:00.000000Z","reason":"Cordoned","note":"Xid 79 on gpu 3","type":"Warning","regarding":{"kind":"Node","name":"node-000"},"reportingController":"platform","action":"cordon"}""");
        Assert.Equal((201, "Xid 79 on gpu 3", "events.k8s.io/v1"), (code, body.Text("note"), body.Text("apiVersion")));
        var core = (await cluster.GetAsync("/api/v1/events?fieldSelector=involvedObject.name%3Dnode-000,type%3DWarning")).Body.Objects("items").Single();
        Assert.Equal(("Xid 79 on gpu 3", "Node", "platform", ""), (core.Text("message"), core.Text("involvedObject", "kind"), core.Text("reportingComponent"), core.Text("note")));
        Assert.Equal(body.Name(), await cluster.NamesAsync("/apis/events.k8s.io/v1/events?fieldSelector=regarding.name%3Dnode-000"));
    }

    [Fact]
    public async Task Events_AboveTheLimit_DropTheOldest()
    {
        await using var cluster = await TestCluster.StartAsync(new KubernetesOptions { EventLimit = 2 });
        foreach (var name in (string[])["c", "b", "a"])
            Assert.Equal(201, (await cluster.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/events", $$$$"""{"metadata":{"name":"{{{{name}}}}"}}""")).Code);
        Assert.Equal("a b", await cluster.NamesAsync("/api/v1/events"));
    }

    [Theory]
    [InlineData(-5, "<invalid>")]
    [InlineData(119, "119s")]
    [InlineData(125, "2m5s")]
    [InlineData(3600, "60m")]
    [InlineData(4 * 3600, "4h")]
    [InlineData((4 * 3600) + 120, "4h2m")]
    [InlineData(30 * 3600, "30h")]
    [InlineData(50 * 3600, "2d2h")]
    [InlineData(400 * 86400, "400d")]
    public void Age_OfEachSize_ReadsAsKubectlWritesIt(int seconds, string text) => Assert.Equal(text, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public async Task Requests_OfManyClientsWhileTheFleetChanges_NeverLoseAVersion()
    {
        await using var cluster = await TestCluster.StartAsync();
        var writers = Enumerable.Range(0, 8).Select(async n =>
        {
            for (var i = 0; i < 20; i++)
            {
                cluster.Fleet.Node("node-001", ready: (i + n) % 2 == 0);
                Assert.Equal(200, (await cluster.PatchAsync("/api/v1/nodes/node-000", $$$$"""{"metadata":{"labels":{"w{{{{n}}}}":"{{{{i}}}}"}}}""")).Code);
            }
        });
        await Task.WhenAll(writers);
        var labels = (JsonObject)(await cluster.GetAsync("/api/v1/nodes/node-000")).Body.At("metadata", "labels")!;
        Assert.Equal(Enumerable.Repeat("19", 8), Enumerable.Range(0, 8).Select(n => labels.Text($"w{n}")));
    }
}
