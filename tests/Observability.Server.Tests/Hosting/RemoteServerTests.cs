using System.Diagnostics;
using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>With metrics.remote_url, PromQL is answered by another server.</summary>
public sealed class RemoteServerTests
{
    [Fact]
    public async Task Queries_GoToTheOtherServer_ExceptOnesForWhatOnlyWeKnow()
    {
        await using var remote = await FakeTargets.StartAsync();
        remote.Serve("/base/api/v1/query", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"node":"far"},"value":[1772366425,"42"]}]}}""", "application/json");
        remote.Serve("/base/api/v1/labels", """{"status":"success","data":["far"]}""", "application/json");
        await using var world = await World.StartAsync(options => options.Metrics.RemoteUrl = remote.Url + "/base");
        await world.StepAsync(12);

        Assert.Equal(["{node=\"far\"} 42"], await world.QueryAsync("sum by (node) (up)"));
        Assert.Single(await world.QueryAsync("max(observability_incidents_open)"));
        Assert.Equal("""{"status":"success","data":["far"]}""", (await world.GetAsync("/api/v1/labels")).Body);
        var mixed = await world.GetAsync("/api/v1/query?query=up%20and%20on(node)%20ALERTS");
        Assert.Contains("ALERTS is kept by this platform", (string)mixed.Json["warnings"]![0]!, StringComparison.Ordinal);
        Assert.True(remote.Requests.Count(request => request.StartsWith("POST /base/api/v1/query ", StringComparison.Ordinal)) > 20, "rules and detectors did not ask the other server");
    }

    [Fact]
    public async Task QueryParameters_ThatOnlyTheEvaluatingServerCanHonour_GoToIt()
    {
        await using var remote = await FakeTargets.StartAsync();
        remote.Serve("/api/v1/query", """{"status":"success","data":{"resultType":"vector","result":[],"stats":{"far":1}}}""", "application/json");
        await using var world = await World.StartAsync(options => (options.Metrics.RemoteUrl, options.Metrics.ExperimentalFunctions) = (remote.Url, true));

        Assert.Equal(1, (int)(await world.GetAsync("/api/v1/query?query=up&stats=all&lookback_delta=1m")).Json["data"]!["stats"]!["far"]!);
        Assert.Contains("GET /api/v1/query?query=up&stats=all&lookback_delta=1m", remote.Requests);
        // Too long for a URL, whichever way it came.
        var labels = string.Join(',', Enumerable.Range(0, 300).Select(i => $"label_{i}=\"x\""));
        Assert.Equal(200, (await world.PostAsync("/api/v1/query", $"query={Uri.EscapeDataString($"up{{{labels}}}")}&stats=1", "application/x-www-form-urlencoded")).Status);
        Assert.Contains(remote.Requests, request => request.StartsWith("POST /api/v1/query query=up", StringComparison.Ordinal) && request.EndsWith("&stats=1", StringComparison.Ordinal));
        // Experimental or not, what only we know is answered here.
        var asked = remote.Requests.Count;
        Assert.Equal(200, (await world.GetAsync("/api/v1/query?query=limitk(1,ALERTS)&lookback_delta=1m")).Status);
        Assert.Equal(200, (await world.GetAsync("/api/v1/query?query=limitk(1,ALERTS)")).Status);
        Assert.Equal(asked, remote.Requests.Count);
    }

    [Fact]
    public async Task ServerThatIsGone_MakesRulesFailAndResolvesNothing()
    {
        await using var world = await World.StartAsync(options => options.Metrics.RemoteUrl = $"http://127.0.0.1:{Loopback.FreePort()}");
        await world.StepAsync(12);

        var query = await world.GetAsync("/api/v1/query?query=up");
        Assert.Equal((503, "unavailable"), (query.Status, (string)query.Json["errorType"]!));
        Assert.Equal(503, (await world.GetAsync("/api/v1/labels")).Status);
        Assert.Contains(world.Platform.Rules.Groups.SelectMany(group => group.Rules), rule => rule.LastError.Contains("no answer from", StringComparison.Ordinal));
        Assert.Equal(200, (await world.GetAsync("/readyz")).Status);
    }

    [Fact]
    public async Task Password_BecomesBasicAuthenticationAndIsNotInTheAddress()
    {
        await using var remote = await FakeTargets.StartAsync();
        using var server = RemoteServer.From(new SeriesOptions { RemoteUrl = remote.Url.Replace("http://", "http://ann:s%40cret@", StringComparison.Ordinal) })!;

        using var answer = await server.AskAsync("labels", default, TestContext.Current.CancellationToken);

        Assert.Equal("Basic " + Convert.ToBase64String("ann:s@cret"u8), answer.RequestMessage!.Headers.Authorization!.ToString());
        Assert.Equal(remote.Url + "/api/v1/labels", answer.RequestMessage.RequestUri!.ToString());
    }

    [Theory]
    [InlineData("/usr/bin/victoria-metrics", "victoria-metrics", "-httpListenAddr=127.0.0.1:{0} -storageDataPath={1} -loggerLevel=ERROR")]
    [InlineData("/usr/bin/prometheus", "prometheus", "--web.listen-address=127.0.0.1:{0} --storage.tsdb.path={1}/data --config.file={1}/prometheus.yml --log.level=error")]
    public async Task RealServer_AnswersOurRulesAndTheApi(string program, string package, string arguments)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is missing; install Debian's package {package}");
        var folder = Directory.CreateTempSubdirectory("remote-");
        var port = Loopback.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "prometheus.yml"), "global: {}\n");
        var start = new ProcessStartInfo(program, string.Format(System.Globalization.CultureInfo.InvariantCulture, arguments, port, folder.FullName)) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            await using var world = await World.StartAsync(options => options.Metrics.RemoteUrl = $"http://127.0.0.1:{port}");
            await AnsweredAsync(world);
            await world.StepAsync(12);

            Assert.EndsWith(" 3", Assert.Single(await world.QueryAsync("sum(vector(3))")), StringComparison.Ordinal);
            Assert.Equal(200, (await world.GetAsync("/api/v1/labels")).Status);
            var failed = world.Platform.Rules.Groups.SelectMany(group => group.Rules).Where(rule => rule.LastError.Length > 0);
            Assert.Equal([], failed.Select(rule => $"{rule.Rule.Name}: {rule.LastError}"));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task AnsweredAsync(World world)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await world.GetAsync("/api/v1/query?query=1")).Status != 200)
            await Task.Delay(100, deadline.Token);
    }
}
