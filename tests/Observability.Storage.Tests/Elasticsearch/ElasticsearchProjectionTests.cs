using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Testing;

namespace Observability.Storage.Tests;

public sealed class ElasticsearchProjectionTests
{
    private static readonly DateTimeOffset Now = Fleets.Start;

    [Fact]
    public async Task Flush_OfAnIncidentAndAnAlert_SendsOneBulkRequest()
    {
        using var server = new ScriptedServer((HttpStatusCode.OK, Items(201, 201)));
        var projection = Projection(server);
        projection.Offer(Incident());
        projection.Offer(Alert("GpuOffBus"));

        await projection.FlushAsync(Now, CancellationToken.None);

        Assert.Equal(
            """
            POST http://127.0.0.1:9200/_bulk application/x-ndjson
            {"index":{"_index":"observability-incidents","_id":"INC-000001","version":1772366400000,"version_type":"external_gte"}}
            {"id":"INC-000001","state":"Open","severity":"critical","title":"GPU off the bus","started_at":"2026-03-01T12:00:00+00:00","updated_at":"2026-03-01T12:00:00+00:00","alert_count":7,"entities":["gpu:GPU-000-0"],"jobs":["job:llm"]}
            {"index":{"_index":"observability-alerts","_id":"c4109df1925c18ca-1772366400000","version":1772366400000,"version_type":"external_gte"}}
            {"name":"GpuOffBus","state":"Firing","origin":"Event","starts_at":"2026-03-01T12:00:00+00:00","entity":"gpu:GPU-000-0","labels":{"alertname":"GpuOffBus","node":"node-000"},"annotations":{"summary":"gone"}}

            """,
            Assert.Single(server.Requests));
        Assert.Equal((2L, 0L, 0), (projection.Indexed, projection.Dropped, projection.Queued));
    }

    [Fact]
    public async Task Flush_WithoutAnswer_KeepsTheDocumentsAndWaitsTwiceAsLongEachTime()
    {
        using var server = new ScriptedServer((HttpStatusCode.ServiceUnavailable, ""), (HttpStatusCode.OK, "not json"), (HttpStatusCode.OK, Items(200)));
        var projection = Projection(server);
        projection.Offer(Alert("A"));
        var sent = new List<int>();
        for (var second = 0; second <= 3; second++)
        {
            await projection.FlushAsync(Now.AddSeconds(second), CancellationToken.None);
            sent.Add(server.Requests.Count);
        }

        Assert.Equal([1, 2, 2, 3], sent);
        Assert.Equal((1L, 0L, 0), (projection.Indexed, projection.Dropped, projection.Queued));
    }

    [Fact]
    public async Task Flush_WithMixedItems_RetriesRefusesAndTakesEach()
    {
        using var server = new ScriptedServer((HttpStatusCode.OK, Items(201, 429, 400, 409)), (HttpStatusCode.OK, Items(201)));
        var projection = Projection(server);
        foreach (var name in (string[])["taken", "busy", "bad", "older"])
            projection.Offer(Alert(name));

        await projection.FlushAsync(Now, CancellationToken.None);
        Assert.Equal((2L, 1L, 1), (projection.Indexed, projection.Dropped, projection.Queued));
        await projection.FlushAsync(Now.AddSeconds(1), CancellationToken.None);

        Assert.Equal((3L, 1L, 0), (projection.Indexed, projection.Dropped, projection.Queued));
        Assert.Contains("\"name\":\"busy\"", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_OfARefusedRequest_DropsItAndGoesOn()
    {
        using var server = new ScriptedServer((HttpStatusCode.BadRequest, ""), (HttpStatusCode.OK, Items(201)));
        var projection = Projection(server, new ElasticsearchOptions { MaximumBatch = 1 });
        projection.Offer(Alert("bad"));
        projection.Offer(Alert("good"));

        await projection.FlushAsync(Now, CancellationToken.None);

        Assert.Equal((1L, 1L, 0), (projection.Indexed, projection.Dropped, projection.Queued));
    }

    [Fact]
    public async Task Offer_BeyondTheLimit_DropsAndCounts()
    {
        using var server = new ScriptedServer();
        var projection = Projection(server, new ElasticsearchOptions { MaximumQueued = 2 });

        Assert.Equal([true, true, false], new[] { "a", "b", "c" }.Select(name => projection.Offer(Alert(name))));
        await projection.FlushAsync(Now, CancellationToken.None);

        Assert.Equal((0L, 1L, 2), (projection.Indexed, projection.Dropped, projection.Queued));
    }

    private static ElasticsearchProjection Projection(ScriptedServer server, ElasticsearchOptions? options = null) =>
        new(server.Client(), options ?? new ElasticsearchOptions(), NullLogger<ElasticsearchProjection>.Instance);

    private static string Items(params int[] statuses)
    {
        var items = statuses.Select(status =>
            $"{{\"index\":{{\"_id\":\"x\",\"status\":{status}{(status < 300 ? "" : ",\"error\":{\"type\":\"t\",\"reason\":\"r\"}")}}}}}");
        return $$"""{"took":1,"errors":true,"items":[{{string.Join(',', items)}}]}""";
    }

    private static Incident Incident() => new()
    {
        Id = "INC-000001",
        State = IncidentState.Open,
        StartedAt = Now,
        OpenedAt = Now,
        UpdatedAt = Now,
        Title = "GPU off the bus",
        Severity = "critical",
        AlertCount = 7,
        Entities = [Fleets.Gpu(0, 0)],
        Jobs = [new EntityId(EntityKind.Job, "llm")],
    };

    private static Alert Alert(string name) => new()
    {
        Labels = LabelSet.Of((AlertLabel.Name, name), ("node", "node-000")),
        State = AlertState.Firing,
        StartsAt = Now,
        UpdatedAt = Now,
        Annotations = LabelSet.Of(("summary", "gone")),
        Origin = AlertOrigin.Event,
        Entity = Fleets.Gpu(0, 0),
    };
}
