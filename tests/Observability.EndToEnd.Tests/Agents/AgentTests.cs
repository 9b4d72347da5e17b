using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>The platform and what feeds it as processes of their own: an outage of the one loses nothing of the other.</summary>
public sealed class AgentTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("agents-").FullName;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly int _port = Loopback.FreePort();

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task BrainKilledAndAgentRestartedMeanwhile_EveryScrapeIsThereInOrder()
    {
        await using var fleet = await StartFleetAsync();
        var kernelLog = Path.Combine(_folder, "kern.log");
        await File.WriteAllTextAsync(kernelLog, "Linux version 6.8\n");
        var agentConfig = Configure("agent", $$"""
            collect:
              interval: 1s
              timeout: 1s
              target_urls: ["{{new Uri(fleet.Url, "targets")}}"]
              kernel_logs: [{path: "{{kernelLog}}", node: node-001}]
            """);
        var brainConfig = Configure("brain", "metrics: {out_of_order_window: 0s}");
        var brain = await StartBrainAsync(brainConfig);
        var agent = await StartAgentAsync("agent", agentConfig);
        await UntilAsync(async () => await CountAsync("count(up{job=\"node\"} == 1)") == 4, "four targets that are up");
        var began = Now();
        // The brain answers for what it took more than a second before it is killed.
        await Task.Delay(TimeSpan.FromSeconds(3));

        await brain.KillAsync();
        await brain.DisposeAsync();
        var when = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss,ffffff+00:00", CultureInfo.InvariantCulture);
        await File.AppendAllTextAsync(kernelLog, $"kern  :warn  : {when} NVRM: Xid (PCI:0000:3b:00): 95, pid=77, name=python, Uncontained: LTC TAG (0x2,0x1). RST: Yes, D-RST: No\n");
        await WaitForWaitingAsync(agent, 2_000);
        await agent.KillAsync();
        await agent.DisposeAsync();
        agent = await StartAgentAsync("agent", agentConfig);
        Assert.DoesNotContain("; 0 samples", agent.Lines[0], StringComparison.Ordinal);
        await Task.Delay(TimeSpan.FromSeconds(3));
        brain = await StartBrainAsync(brainConfig);
        var back = Now();
        await UntilAsync(async () => await CountAsync("count(timestamp(up{job=\"node\"}) > " + back.ToString(CultureInfo.InvariantCulture) + ")") == 4, "scrapes from after the outage");
        await UntilAsync(async () => (await JsonAsync("/api/alerts")).ToJsonString().Contains("xid:95", StringComparison.Ordinal), "the alert of the line that was written meanwhile");
        // The whole outage in one look: a second without a scrape shows as a gap. The agent itself was away for as long as it took to start.
        var times = await TimesAsync("up{job=\"node\"}[5m]");

        Assert.Equal(4, times.Count);
        Assert.All(times.Values, series =>
        {
            var gaps = series.Zip(series.Skip(1), (earlier, later) => later - earlier).Order().ToArray();
            Assert.True(gaps[0] > 0, "times go back");
            Assert.True(series[0] <= began && series[^1] >= back, $"from {series[0]} to {series[^1]}, not from {began} to {back}");
            // Every second but for the one gap in which the agent was not there.
            Assert.True(gaps[^2] < 2.5, $"gaps of {gaps[^2]} and {gaps[^1]} s");
            Assert.True(gaps[^1] < 15, $"a gap of {gaps[^1]} s");
        });
        // What it forwards names nodes and GPUs as well as what the platform scrapes by itself.
        var nodes = await JsonAsync("/api/topology");
        Assert.Contains("node-003", nodes.ToJsonString(), StringComparison.Ordinal);
        await agent.DisposeAsync();
        await brain.DisposeAsync();
    }

    [Fact]
    public async Task TwoCollectors_ScrapeEachTargetOnce()
    {
        await using var fleet = await StartFleetAsync();
        string Collector(int number) => Configure($"collector-{number}", $$"""
            collect:
              interval: 1s
              timeout: 1s
              target_urls: ["{{new Uri(fleet.Url, "targets")}}"]
              members: [collector-0, collector-1]
              member: collector-{{number}}
            """);
        await using var brain = await StartBrainAsync(Configure("brain", ""));
        await using var one = await StartAgentAsync("collector", Collector(0));
        await UntilAsync(async () => await CountAsync("count(up)") > 0, "targets of the first collector");
        await Task.Delay(TimeSpan.FromSeconds(3));
        var first = await CountAsync("count(up)");
        await using var two = await StartAgentAsync("collector", Collector(1));
        await UntilAsync(async () => await CountAsync("count(up)") == 8, "all targets");

        Assert.InRange(first, 1, 7);
        // Who scrapes a target twice a second writes twice as many samples.
        await Task.Delay(TimeSpan.FromSeconds(6));
        Assert.InRange(await CountAsync("max(count_over_time(up[5s]))"), 4, 6);
    }

    [Fact]
    public async Task SpansThatAnAgentTakes_TellThePlatformWhoCallsWhom()
    {
        await using var brain = await StartBrainAsync(Configure("brain", ""));
        await using var agent = await StartAgentAsync("agent", Configure("agent", ""));
        const string Spans = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeSpans":[{"spans":[
              {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"0000000000000001","kind":3,"name":"HGET","startTimeUnixNano":"1000","endTimeUnixNano":"2000","attributes":[
                {"key":"db.system.name","value":{"stringValue":"redis"}},{"key":"server.address","value":{"stringValue":"cache-1"}}]}]}]}]}
            """;
        using var answer = await _http.PostAsync(AddressOf(agent) + "/v1/traces", new StringContent(Spans, Encoding.UTF8, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, $"the agent answered {answer.StatusCode}");

        await UntilAsync(async () => (await JsonAsync("/api/topology")).ToJsonString().Contains("service:redis@cache-1", StringComparison.Ordinal), "the store that the span names");
    }

    private static async Task<SimulatorHost> StartFleetAsync()
    {
        var fleet = new SimulatorHost(new Fleet(new FleetOptions { Nodes = 4, Seed = 3 }, TimeProvider.System.GetUtcNow()), TimeProvider.System);
        await fleet.StartAsync(CancellationToken.None);
        return fleet;
    }

    private string Configure(string name, string more)
    {
        var file = Path.Combine(_folder, name + ".yaml");
        File.WriteAllText(file, $$"""
            server:
              listen: 127.0.0.1:{{(name == "brain" ? _port : Loopback.FreePort())}}
              state: {{Path.Combine(_folder, name)}}
            {{(name == "brain" ? "" : $"forward: {{url: \"http://127.0.0.1:{_port}\"}}")}}
            {{more}}
            """);
        return file;
    }

    private static async Task<ChildProcess> StartBrainAsync(string config)
    {
        var process = BuiltServer.Start("serve", "--config", config);
        await process.WaitForLineAsync(line => line.StartsWith("serving on", StringComparison.Ordinal), Limit);
        return process;
    }

    private static async Task<ChildProcess> StartAgentAsync(string role, string config)
    {
        var process = BuiltServer.Start("serve", "--role", role, "--config", config);
        await process.WaitForLineAsync(line => line.Contains("forwards to", StringComparison.Ordinal), Limit);
        return process;
    }

    private async Task WaitForWaitingAsync(ChildProcess agent, long items)
    {
        await UntilAsync(async () => long.Parse((await _http.GetStringAsync(AddressOf(agent) + "/readyz")).Split(' ')[1], null) >= items, $"{items} samples in the buffer");
    }

    private static string AddressOf(ChildProcess agent) => agent.Lines[0].Split(' ')[2];

    private static double Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1_000.0;

    private static async Task UntilAsync(Func<Task<bool>> isIt, string what)
    {
        var end = TimeProvider.System.GetUtcNow() + Limit;
        while (!await isIt())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"{what} did not come within {Limit}");
            await Task.Delay(200);
        }
    }

    private async Task<JsonNode> JsonAsync(string path) => JsonNode.Parse(await _http.GetStringAsync($"http://127.0.0.1:{_port}{path}"))!;

    private async Task<JsonArray> QueryAsync(string query) =>
        (await JsonAsync("/api/v1/query?query=" + Uri.EscapeDataString(query)))["data"]!["result"]!.AsArray();

    private async Task<double> CountAsync(string query) =>
        await QueryAsync(query) is [var only] ? double.Parse((string)only!["value"]![1]!, CultureInfo.InvariantCulture) : 0;

    private async Task<Dictionary<string, double[]>> TimesAsync(string query) => (await QueryAsync(query)).ToDictionary(
        series => (string)series!["metric"]!["node"]!,
        series => series!["values"]!.AsArray().Select(value => (double)value![0]!).ToArray());
}
