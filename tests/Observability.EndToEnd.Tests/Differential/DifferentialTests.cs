using System.Globalization;
using Observability.Metrics;
using Observability.Simulator;

namespace Observability.EndToEnd.Tests;

/// <summary>
/// Debian's Prometheus 2.42 and the embedded engine hold the same samples and answer the same generated queries. To run one seed
/// alone, put its number in the environment variable <c>PROMQL_SEED</c>; to begin elsewhere than at 1, in <c>PROMQL_FIRST_SEED</c>.
/// </summary>
public sealed class DifferentialTests(ITestOutputHelper output) : IDisposable
{
    private const int Seeds = 700;
    private const int LeastAnswered = 300;

    private readonly string _folder = Directory.CreateTempSubdirectory("differential-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task GeneratedRangeQueries_OnTheSamplesOfAFleet_AnswerAsPrometheusDoes()
    {
        await using var prometheus = await RealServer.PrometheusAsync(_folder);
        await using var history = await SimulatedHistory.RunAsync(new FleetOptions { Nodes = 6, Seed = 5 }, TimeSpan.FromMinutes(70), TimeSpan.FromSeconds(15));
        new RemoteWriteClient(prometheus.Http).Send(history);

        var metrics = new MetricCatalogue(history.Series);
        var theirs = new RemoteQueryEngine(prometheus.Http);
        var ours = new EmbeddedQueryEngine(history.Store, new QueryOptions { LeftClosedRanges = true });
        var tally = new DifferentialTally(output, theirs);
        foreach (var seed in SeedsToRun())
        {
            var query = GeneratedQuery.Of(seed, metrics, history);
            await tally.AddAsync(query, await AskAsync(theirs, query), await AskAsync(ours, query));
        }

        tally.Print(history);
        Assert.Empty(tally.Differences);
        Assert.True(Environment.GetEnvironmentVariable("PROMQL_SEED") is not null || tally.Answered >= LeastAnswered, $"{tally.Answered} queries returned something, expected at least {LeastAnswered}");
    }

    private static IEnumerable<int> SeedsToRun() => Environment.GetEnvironmentVariable("PROMQL_SEED") is { } alone
        ? [int.Parse(alone, CultureInfo.InvariantCulture)]
        : Enumerable.Range(int.Parse(Environment.GetEnvironmentVariable("PROMQL_FIRST_SEED") ?? "1", CultureInfo.InvariantCulture), Seeds);

    private static async Task<QueryResult> AskAsync(IQueryEngine engine, GeneratedQuery query) =>
        await engine.QueryRangeAsync(query.Expression, query.Start, query.End, query.Step, CancellationToken.None);
}
