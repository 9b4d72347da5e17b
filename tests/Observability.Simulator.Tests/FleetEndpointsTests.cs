using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Simulator.Tests;

/// <summary>The fleet over HTTP on loopback: what a collector meets.</summary>
public sealed class FleetEndpointsTests : IAsyncLifetime
{
    private readonly SimulatedFleet _world = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapFleet(_world.Fleet, () => "sim:1");
        await _app.StartAsync(Cancel);
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Exporters_Answer_TextOfTheirFormat()
    {
        using var answer = await _http.GetAsync("/nodes/node-003/dcgm/metrics", Cancel);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(DcgmExporter.Render(_world.Fleet.SimNodes[3], _world.Fleet), await answer.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(NodeExporter.Render(_world.Fleet.SimNodes[3], _world.Fleet), await _http.GetStringAsync("/nodes/node-003/node/metrics", Cancel));
    }

    [Theory]
    [InlineData("dcgm", 503, 200)]
    [InlineData("node", 200, 503)]
    public async Task Exporter_ThatIsSilent_RefusesWhileTheOtherAnswers(string silent, int dcgm, int node)
    {
        _world.Inject(FaultClass.MonitorSilent, new EntityId(EntityKind.Monitor, $"node-001/{silent}"));
        _world.After(2);

        Assert.Equal((dcgm, node, 200), (await StatusAsync("/nodes/node-001/dcgm/metrics"), await StatusAsync("/nodes/node-001/node/metrics"), await StatusAsync("/nodes/node-001/kmsg")));
    }

    [Fact]
    public async Task Node_ThatIsDown_AnswersNowhere()
    {
        _world.Inject(FaultClass.Maintenance, new EntityId(EntityKind.Node, "node-001"), seconds: 100);
        _world.After(30);

        Assert.Equal((503, 503, 503), (await StatusAsync("/nodes/node-001/dcgm/metrics"), await StatusAsync("/nodes/node-001/node/metrics"), await StatusAsync("/nodes/node-001/kmsg")));
    }

    [Theory]
    [InlineData("/nodes/node-999/dcgm/metrics")]
    [InlineData("/nodes/node-999/kmsg")]
    [InlineData("/jobs/nobody/log")]
    public async Task WhatIsNotThere_Is404(string path) => Assert.Equal(404, await StatusAsync(path));

    [Fact]
    public async Task KernelLog_After_GivesOnlyWhatIsNewAndItsBoot()
    {
        _world.Inject(FaultClass.GpuOffBus, _world.Gpu(1, 0).Id);
        _world.After(2);
        using var answer = await _http.GetAsync("/nodes/node-001/kmsg?after=8", Cancel);

        Assert.EndsWith("GPU has fallen off the bus.\n", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(["boot-0001-00"], answer.Headers.GetValues("X-Boot-Id"));
        Assert.Equal([$"{_world.Fleet.SimNodes[1].BootedAt.ToUnixTimeMilliseconds()}"], answer.Headers.GetValues("X-Boot-Time-Unix-Ms"));
        Assert.Equal("", await _http.GetStringAsync("/nodes/node-001/kmsg?after=9", Cancel));
    }

    [Fact]
    public async Task JobLog_ReadInPieces_IsTheWholeLog()
    {
        _world.After(30);
        using var first = await _http.GetAsync("/jobs/vision-7b/log", Cancel);
        var next = first.Headers.GetValues("X-Next-Offset").Single();
        _world.After(30);

        var whole = await first.Content.ReadAsStringAsync(Cancel) + await _http.GetStringAsync($"/jobs/vision-7b/log?after={next}", Cancel);

        Assert.Equal(_world.Job("vision-7b").Log.After(0).Text, whole);
    }

    [Fact]
    public async Task Targets_AreServiceDiscoveryOfTwoExportersPerNode()
    {
        var targets = JsonNode.Parse(await _http.GetStringAsync("/targets", Cancel))!.AsArray();

        Assert.Equal(32, targets.Count);
        Assert.Equal("""{"targets":["sim:1"],"labels":{"__metrics_path__":"/nodes/node-000/dcgm/metrics","job":"dcgm","node":"node-000","instance":"node-000:9400"}}""", targets[0]!.ToJsonString());
    }

    [Fact]
    public async Task Logs_AreOnePerNodeAndJob()
    {
        var logs = JsonNode.Parse(await _http.GetStringAsync("/logs", Cancel))!.AsArray();

        Assert.Equal(16 + 3, logs.Count);
        Assert.Equal("""{"kind":"training","job":"llm-70b","url":"http://sim:1/jobs/llm-70b/log"}""", logs[16]!.ToJsonString());
    }

    [Fact]
    public async Task Topology_IsTheFleetsGraph()
    {
        var topology = JsonNode.Parse(await _http.GetStringAsync("/topology", Cancel))!;
        var known = _world.Fleet.Topology();

        Assert.Equal(known.Entities.Select(entity => entity.Id.ToString()), topology["entities"]!.AsArray().Select(entity => (string)entity!["id"]!));
        Assert.Equal(known.Edges.Length, topology["edges"]!.AsArray().Count);
        Assert.Equal("""{"from":"rack:rack-000","kind":"part_of","to":"pdu:pdu-000"}""", topology["edges"]![0]!.ToJsonString());
    }

    private async Task<int> StatusAsync(string path)
    {
        using var answer = await _http.GetAsync(path, Cancel);
        return (int)answer.StatusCode;
    }
}
