using Microsoft.AspNetCore.Routing;

namespace Observability.Server.Tests;

/// <summary>What the server says of itself.</summary>
public sealed class SelfTests
{
    [Fact]
    public async Task BeforeTheReplay_ItLivesButIsNotReady()
    {
        await using var world = await World.StartAsync(replayed: false);

        Assert.Equal((200, 503), ((await world.GetAsync("/healthz")).Status, (await world.GetAsync("/readyz")).Status));
        await world.Platform.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal((200, 200), ((await world.GetAsync("/healthz")).Status, (await world.GetAsync("/readyz")).Status));
    }

    [Fact]
    public async Task Metrics_AreOursUnderTheirOwnNamesAndKinds()
    {
        await using var world = await World.StartAsync();
        await world.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"X","node":"node-001"}}]""");
        await world.StepAsync();

        var text = (await world.GetAsync("/metrics")).Body;

        Assert.Contains("# TYPE observability_stage_in_total counter", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE observability_stage_seconds histogram", text, StringComparison.Ordinal);
        Assert.Contains("# TYPE observability_metrics_series gauge", text, StringComparison.Ordinal);
        Assert.Contains("process_cpu_seconds_total ", text, StringComparison.Ordinal);
        Assert.True(await world.CounterAsync("observability_stage_in_total", ("stage", "correlate")) >= 1, "no stage counted");
    }

    [Fact]
    public async Task OpenApi_ListsEveryRoute()
    {
        await using var world = await World.StartAsync();

        var document = (await world.GetAsync("/openapi/v1.json")).Json;

        var listed = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(method => $"{method.Key.ToUpperInvariant()} {path.Key}")).ToHashSet(StringComparer.Ordinal);
        var mapped = world.Routes.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText is { } text && (text.StartsWith("/api", StringComparison.Ordinal) || text.StartsWith("/v1", StringComparison.Ordinal)))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}"));
        Assert.Equal([], mapped.Where(route => !listed.Contains(route)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OtlpEndpoint_ReceivesASpanOfTheStepAndAMetric()
    {
        await using var receiver = await FakeTargets.StartAsync();
        receiver.Serve("/v1/traces", [], "application/x-protobuf");
        receiver.Serve("/v1/metrics", [], "application/x-protobuf");
        await using (var world = await World.StartAsync(options => options.Telemetry = new TelemetryOptions { OtlpEndpoint = receiver.Url, OtlpProtocol = "http" }))
        {
            await world.PostAsync("/api/v2/alerts", """[{"labels":{"alertname":"X","node":"node-001"}}]""");
            await world.StepAsync(2);
        }

        // Shutting down exports what is left, so nothing has to be waited for.
        Assert.Contains(receiver.Requests, request => request.StartsWith("POST /v1/traces", StringComparison.Ordinal) && request.Contains("pipeline", StringComparison.Ordinal));
        Assert.Contains(receiver.Requests, request => request.StartsWith("POST /v1/metrics", StringComparison.Ordinal) && request.Contains("observability_stage_in_total", StringComparison.Ordinal));
    }
}
