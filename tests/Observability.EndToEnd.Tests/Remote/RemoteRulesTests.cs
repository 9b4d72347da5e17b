using Observability.Metrics;
using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>
/// The shipped rules over the same samples: evaluated by the embedded engine, and through the remote one on Debian's Prometheus and
/// VictoriaMetrics, which also take what recording rules give.
/// </summary>
public sealed class RemoteRulesTests(ITestOutputHelper output) : IDisposable
{
    // Of a ratio that both sides estimate from the same samples.
    private const double RatioTolerance = 0.03;

    private readonly string _folder = Directory.CreateTempSubdirectory("remote-rules-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task ShippedRules_OnPrometheus_GiveTheSameAlertsAndRecordings()
    {
        await using var server = await RealServer.PrometheusAsync(_folder);
        var (own, remote) = await RunBothAsync(server, new QueryOptions { LeftClosedRanges = true }, makeVisible: null);

        Assert.Equal(own.Changes, remote.Changes);
        AssertSameRecordings(own, remote, estimated: []);
    }

    /// <summary>
    /// VictoriaMetrics draws no line of a counter out to the edges of its window, and counts the change from the last sample before
    /// it (https://docs.victoriametrics.com/victoriametrics/metricsql/): what rests on <c>rate</c> and <c>increase</c> may differ by a
    /// sample's worth and begin an evaluation sooner or later. What is found must be the same.
    /// </summary>
    [Fact]
    public async Task ShippedRules_OnVictoriaMetrics_FindTheSame()
    {
        await using var server = await RealServer.VictoriaMetricsAsync(_folder);
        var (own, remote) = await RunBothAsync(server, new QueryOptions(), makeVisible: "internal/force_flush");

        Assert.Equal(own.Fired, remote.Fired);
        AssertSameRecordings(own, remote, estimated: ["job_name:train_goodput:ratio30m"]);
    }

    private async Task<(RuleRun Own, RuleRun Remote)> RunBothAsync(RealServer server, QueryOptions options, string? makeVisible)
    {
        // Prometheus takes nothing an hour older than its newest sample, and what rules give comes after all else.
        await using var history = await SimulatedHistory.RunAsync(new FleetOptions { Nodes = 6, Seed = 5 }, TimeSpan.FromMinutes(58), TimeSpan.FromSeconds(15));
        var root = SharedData.RepositoryRoot();
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        Assert.Empty(findings);
        var client = new RemoteWriteClient(server.Http, makeVisible);
        client.Send(history);

        var own = await RuleRun.OfAsync(content.RuleGroups, new EmbeddedQueryEngine(history.Store, options), history.Store, history);
        var remote = await RuleRun.OfAsync(content.RuleGroups, new RemoteQueryEngine(server.Http), client, history);
        output.WriteLine($"{content.RuleGroups.Sum(group => group.Rules.Length)} rules, {own.Fired.Count} alerts, {own.Recorded.Count} recorded samples");
        Assert.Empty(own.Faults);
        Assert.Empty(remote.Faults);
        Assert.True(own.Fired.Count > 10, $"only {own.Fired.Count} alerts fired");
        Assert.True(own.Recorded.Count > 500, $"only {own.Recorded.Count} samples were recorded");
        return (own, remote);
    }

    private static void AssertSameRecordings(RuleRun own, RuleRun remote, string[] estimated)
    {
        Assert.Equal(Names(own), Names(remote));
        foreach (var (key, value) in own.Recorded)
        {
            var other = remote.Recorded[key];
            var isEqual = value.Equals(other) || (StaleMarker.Is(value) && StaleMarker.Is(other))
                || Math.Abs(value - other) <= (estimated.Contains(key.Labels.MetricName) ? RatioTolerance : 1e-6 * Math.Max(Math.Abs(value), Math.Abs(other)));
            Assert.True(isEqual, $"{key.Labels} at {key.Time}: embedded {value}, remote {other}");
        }
    }

    private static IEnumerable<string> Names(RuleRun run) => run.Recorded.Keys.Select(key => $"{key.Labels} {key.Time}").Order(StringComparer.Ordinal);
}
