using Observability.Console;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>What the console reads: snapshots and charts.</summary>
internal sealed class ConsoleFeed(SnapshotHub hub, IQueryEngine queries, Func<NoiseReport> noise) : IPlatformFeed
{
    public PlatformSnapshot Current => hub.Current;

    public IAsyncEnumerable<PlatformSnapshot> WatchAsync(CancellationToken cancellationToken) => hub.WatchAsync(cancellationToken);

    public NoiseReport Noise() => noise();

    public async ValueTask<ChartData> ChartAsync(
        string expression, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellationToken)
    {
        var result = await queries.QueryRangeAsync(expression, from, to, step, cancellationToken);
        return result.Error is { } error
            ? new ChartData([], error.Message)
            : new ChartData([.. result.Matrix.Select(series => new ChartLine(series.Labels, series.Samples))], null);
    }
}
