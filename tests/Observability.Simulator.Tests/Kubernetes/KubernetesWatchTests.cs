using System.Text.Json.Nodes;

namespace Observability.Simulator.Tests;

/// <summary>Watches over the wire: resuming, filters, bookmarks, expiry, limits.</summary>
public sealed class KubernetesWatchTests
{
    private const string Nodes = "/api/v1/nodes";
    private const string Cordon = """{"spec":{"unschedulable":true}}""";

    [Fact]
    public async Task Watch_FromAListsVersion_SendsWhatCameAfter()
    {
        await using var cluster = await TestCluster.StartAsync();
        var version = (await cluster.GetAsync(Nodes)).Body.Text("metadata", "resourceVersion");
        await cluster.PatchAsync(Nodes + "/node-001", Cordon);
        using var watch = await Watch.OpenAsync(cluster, $"{Nodes}?watch=true&resourceVersion={version}");
        Assert.Equal(["MODIFIED node-001", "MODIFIED node-001"], [await watch.NextAsync(), await watch.NextAsync()]);
        cluster.Fleet.Node("node-002", ready: true);
        cluster.Cluster.Advance(cluster.Time.GetUtcNow());
        Assert.Equal("ADDED node-002", await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_WithoutAVersion_StartsWithWhatIsThere()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, "/api/v1/namespaces/team-a/pods?watch=1");
        Assert.Equal(["ADDED trainer-0", "ADDED trainer-1"], [await watch.NextAsync(), await watch.NextAsync()]);
        await cluster.EvictAsync("trainer-1");
        Assert.Equal(["MODIFIED trainer-1", "DELETED trainer-1"], [await watch.NextAsync(), await watch.NextAsync()]);
    }

    [Fact]
    public async Task Watch_UnderASelector_TurnsEnteringAndLeavingIntoAddedAndDeleted()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&fieldSelector=spec.unschedulable%3Dtrue");
        await cluster.PatchAsync(Nodes + "/node-001", Cordon);
        await cluster.PatchAsync(Nodes + "/node-001", """{"spec":{"unschedulable":false}}""");
        Assert.Equal(["ADDED node-001", "MODIFIED node-001", "DELETED node-001"], [await watch.NextAsync(), await watch.NextAsync(), await watch.NextAsync()]);
    }

    [Fact]
    public async Task Watch_FromAVersionNoLongerKept_EndsWith410()
    {
        await using var cluster = await TestCluster.StartAsync(new KubernetesOptions { HistoryLimit = 3 });
        var version = (await cluster.GetAsync(Nodes)).Body.Text("metadata", "resourceVersion");
        foreach (var n in (int[])[1, 2, 3])
            await cluster.PatchAsync(Nodes + "/node-000", $$$$"""{"metadata":{"labels":{"n":"{{{{n}}}}"}}}""");
        using (var kept = await Watch.OpenAsync(cluster, $"{Nodes}?watch=true&resourceVersion={version}"))
            Assert.Equal("MODIFIED node-000", await kept.NextAsync());
        await cluster.PatchAsync(Nodes + "/node-000", """{"metadata":{"labels":{"n":"4"}}}""");
        using var late = await Watch.OpenAsync(cluster, $"{Nodes}?watch=true&resourceVersion={version}");
        var line = await late.LineAsync();
        Assert.Equal(("ERROR", "410", "Expired"), (line!.Text("type"), line!.Text("object", "code"), line!.Text("object", "reason")));
        Assert.Null(await late.LineAsync());
    }

    [Fact]
    public async Task Watch_FromTheFuture_EndsWithATimeout()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&resourceVersion=999999");
        Assert.Equal("504", (await watch.LineAsync())!.Text("object", "code"));
    }

    [Fact]
    public async Task Watch_WithInitialEvents_SendsTheBookmarkBehindThem()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        Assert.Equal(["ADDED node-000", "ADDED node-001"], [await watch.NextAsync(), await watch.NextAsync()]);
        var bookmark = await watch.LineAsync();
        Assert.Equal(("BOOKMARK", "true"), (bookmark!.Text("type"), bookmark!.Text("object", "metadata", "annotations", "k8s.io/initial-events-end")));
    }

    [Fact]
    public async Task Watch_PastItsTimeout_Ends()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&timeoutSeconds=5");
        Assert.Equal(["ADDED node-000", "ADDED node-001"], [await watch.NextAsync(), await watch.NextAsync()]);
        cluster.Time.Advance(TimeSpan.FromSeconds(6));
        // A change wakes the watch even if it read the clock before the test moved it.
        await cluster.PatchAsync(Nodes + "/node-000", Cordon);
        Assert.All(await watch.RestAsync(), line => Assert.Equal("MODIFIED", line.Text("type")));
    }

    [Fact]
    public async Task Watch_WhenTheServerStops_EndsAtOnce()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&fieldSelector=metadata.name%3Dnode-001");
        Assert.Equal("ADDED node-001", await watch.NextAsync());
        await cluster.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Null(await watch.LineAsync());
    }

    [Fact]
    public async Task Watch_AsTables_SendsRows()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&fieldSelector=metadata.name%3Dnode-001", "application/json;as=Table;v=v1;g=meta.k8s.io");
        var line = (await watch.LineAsync())!;
        Assert.Equal(
            ("ADDED", "Table", "node-001 Ready <none> 0s v1.32.4"),
            (line.Text("type"), line.Text("object", "kind"), string.Join(' ', ((JsonArray)line.Objects("object", "rows").Single()["cells"]!).Take(5).Select(JsonFields.Scalar))));
    }

    [Fact]
    public async Task Watch_WithBookmarks_SendsOneWhenTheirTimeComes()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true&allowWatchBookmarks=true&fieldSelector=metadata.name%3Dnode-001");
        Assert.Equal("ADDED node-001", await watch.NextAsync());
        cluster.Time.Advance(TimeSpan.FromMinutes(1));
        cluster.Cluster.Advance(cluster.Time.GetUtcNow());
        var bookmark = (await watch.LineAsync())!;
        Assert.Equal(("BOOKMARK", "Node", ""), (bookmark.Text("type"), bookmark.Text("object", "kind"), bookmark.Text("object", "metadata", "name")));
    }

    [Fact]
    public async Task Watch_AboveTheLimit_Is429()
    {
        await using var cluster = await TestCluster.StartAsync(new KubernetesOptions { WatchLimit = 1 });
        using var watch = await Watch.OpenAsync(cluster, Nodes + "?watch=true");
        var (code, body) = await cluster.GetAsync(Nodes + "?watch=true");
        Assert.Equal((429, "TooManyRequests"), (code, body.Text("reason")));
    }

    [Fact]
    public async Task Watch_WithASelectorNotServed_Is400()
    {
        await using var cluster = await TestCluster.StartAsync();
        var (code, body) = await cluster.GetAsync(Nodes + "?watch=true&fieldSelector=spec.podCIDR%3Dx");
        Assert.Equal((400, "field label not supported: spec.podCIDR"), (code, body.Text("message")));
    }

    private sealed class Watch(HttpResponseMessage response, StreamReader reader) : IDisposable
    {
        public static async Task<Watch> OpenAsync(TestCluster cluster, string path, string accept = "application/json")
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            var response = await cluster.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(200, (int)response.StatusCode);
            return new Watch(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        }

        public async Task<JsonObject?> LineAsync() =>
            await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) is { } line ? (JsonObject)JsonNode.Parse(line)! : null;

        public async Task<string> NextAsync() => await LineAsync() is { } line ? $"{line.Text("type")} {line.Text("object", "metadata", "name")}" : "end";

        public async Task<List<JsonObject>> RestAsync()
        {
            var lines = new List<JsonObject>();
            while (await LineAsync() is { } line)
                lines.Add(line);
            return lines;
        }

        public void Dispose()
        {
            reader.Dispose();
            response.Dispose();
        }
    }
}
