namespace Observability.Metrics;

/// <summary>
/// Answers PromQL. Two implementations: the embedded engine over the series store, and a remote Prometheus-compatible
/// server. A failure is a <see cref="QueryResult.Error"/>, never an exception, except for cancellation.
/// </summary>
public interface IQueryEngine
{
    /// <summary>Evaluates at one time.</summary>
    ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Evaluates at one time as part of a round that shares what several of its expressions select. A remote server shares nothing.</summary>
    ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, SharedSelections shared, CancellationToken cancellationToken) =>
        QueryAsync(expression, at, cancellationToken);

    /// <summary>Evaluates at <paramref name="start"/>, then every <paramref name="step"/> up to and including <paramref name="end"/>.</summary>
    ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken);
}
