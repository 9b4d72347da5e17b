using Observability.Metrics;

namespace Observability.Server;

/// <summary>
/// Sends a query to the remote server, except one that asks only for what nobody but this platform knows: its alerts, its own
/// figures, its budgets. A query that mixes both goes to the remote server, whose answer then lacks ours: it carries a warning.
/// </summary>
internal sealed class OwnSeriesFirst(IQueryEngine own, IQueryEngine remote, bool experimental) : IQueryEngine
{
    private static readonly string[] Prefixes = ["ALERTS", "observability_", "slo:", "sloth_"];

    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        AskAsync(expression, engine => engine.QueryAsync(expression, at, cancellationToken));

    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, SharedSelections shared, CancellationToken cancellationToken) =>
        AskAsync(expression, engine => engine.QueryAsync(expression, at, shared, cancellationToken));

    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken) =>
        AskAsync(expression, engine => engine.QueryRangeAsync(expression, start, end, step, cancellationToken));

    /// <summary>True where a query asks only for what this platform keeps itself.</summary>
    public static bool AsksOnlyOurs(string expression, bool experimental) => NamesIn(expression, experimental) is { Length: > 0 } names && names.All(IsOurs);

    private async ValueTask<QueryResult> AskAsync(string expression, Func<IQueryEngine, ValueTask<QueryResult>> ask)
    {
        var names = NamesIn(expression, experimental);
        var ours = names.Where(IsOurs).Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > 0 && names.All(IsOurs))
            return await ask(own);
        var result = await ask(remote);
        return ours.Length == 0
            ? result
            : result with { Warnings = [.. result.Warnings, $"{string.Join(", ", ours)} is kept by this platform, not by metrics.remote_url, and cannot be joined with its series"] };
    }

    // What our parser cannot read may still be the other server's dialect.
    private static string[] NamesIn(string expression, bool experimental) =>
        PromQlParser.Parse(expression, experimental).Expression is { } parsed ? [.. Names(parsed)] : [];

    private static bool IsOurs(string name) => Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));

    // The metric name of each selector; empty where only other labels select.
    private static IEnumerable<string> Names(PromQlExpression expression) => ExpressionSelectors.Of(expression).Select(selector => selector.MetricName ?? "");
}
