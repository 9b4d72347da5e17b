using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>Asks on behalf of one detector; a failed question costs the run, never the process.</summary>
internal sealed class DetectorQueries(IQueryEngine engine, string detector, ILogger logger)
{
    /// <summary>The elements, or null where the engine gave no answer.</summary>
    public async ValueTask<IReadOnlyList<SeriesSample>?> VectorAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await AskAsync(expression, at, cancellationToken))?.Vector;

    /// <summary>The series of an expression over a range, or null where the engine gave no answer.</summary>
    public async ValueTask<IReadOnlyList<SeriesRange>?> MatrixAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        (await AskAsync(expression, at, cancellationToken))?.Matrix;

    private async ValueTask<QueryResult?> AskAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var result = await engine.QueryAsync(expression, at, cancellationToken);
        if (result.Error is not { } error)
            return result;
        AlertingMetrics.CountDetectorFailure(detector);
        logger.DetectorQueryFailed(detector, expression, error.Message);
        return null;
    }
}
