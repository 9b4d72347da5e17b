using System.Collections.Concurrent;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>Answers PromQL from the series store of this process.</summary>
public sealed class EmbeddedQueryEngine(SeriesStore store, MetricsOptions options) : IQueryEngine
{
    private const int MaximumSteps = 11_000;
    private const int CachedExpressions = 4_096;

    // Rules and dashboards ask the same texts again and again.
    private readonly ConcurrentDictionary<string, ParseOutcome> _parsed = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var now = at.ToUnixTimeMilliseconds();
        return new ValueTask<QueryResult>(Evaluate(expression, new Steps(now, now, 1), isRange: false, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken)
    {
        if (step < TimeSpan.FromMilliseconds(1))
            return new(QueryResult.Failed("bad_data", "zero or negative query resolution step widths are not accepted. Try a positive integer"));
        if (end < start)
            return new(QueryResult.Failed("bad_data", "end timestamp must not be before start time"));
        if ((end - start) / step > MaximumSteps)
            return new(QueryResult.Failed("bad_data", $"exceeded maximum resolution of {MaximumSteps} points per timeseries. Try decreasing the query resolution (?step=XX)"));
        var steps = new Steps(start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds(), (long)step.TotalMilliseconds);
        return new(Evaluate(expression, steps, isRange: true, cancellationToken));
    }

    private QueryResult Evaluate(string text, Steps steps, bool isRange, CancellationToken cancellationToken)
    {
        var parsed = Parse(text);
        if (parsed.Expression is not { } expression)
            return QueryResult.Failed("bad_data", parsed.Error!);
        try
        {
            var evaluator = new Evaluator(store, options, (steps.Start, steps.End), cancellationToken);
            return isRange ? Range(evaluator, expression, steps) : Instant(evaluator, expression, steps);
        }
        catch (QueryFailureException failure)
        {
            return QueryResult.Failed(failure.Type, failure.Message);
        }
    }

    private ParseOutcome Parse(string text)
    {
        if (_parsed.TryGetValue(text, out var known))
            return known;
        if (_parsed.Count >= CachedExpressions)
            _parsed.Clear();
        return _parsed[text] = PromQlParser.Parse(text);
    }

    private static QueryResult Instant(Evaluator evaluator, Expression expression, Steps steps) => expression.Type switch
    {
        PromQlType.Text => new QueryResult { Kind = QueryResultKind.Text, Text = Literal(expression), Scalar = new Sample(steps.Start, 0) },
        PromQlType.Scalar => new QueryResult { Kind = QueryResultKind.Scalar, Scalar = new Sample(steps.Start, evaluator.Scalar(expression, steps)[0]) },
        PromQlType.Matrix => new QueryResult
        {
            Kind = QueryResultKind.Matrix,
            Matrix = [.. evaluator.Matrix(expression, steps).Select(series => new SeriesRange(series.Labels, [.. series.Times.Zip(series.Values, (at, value) => new Sample(at, value))]))],
        },
        _ => new QueryResult
        {
            Kind = QueryResultKind.Vector,
            Vector = [.. Unique(evaluator.Vector(expression, steps)).Where(column => Column.IsPresent(column.Values[0]))
                .Select(column => new SeriesSample(column.Labels, new Sample(steps.Start, column.Values[0])))],
        },
    };

    private static QueryResult Range(Evaluator evaluator, Expression expression, Steps steps)
    {
        if (expression.Type is not (PromQlType.Scalar or PromQlType.Vector))
            return QueryResult.Failed("bad_data", $"invalid expression type \"{(expression.Type == PromQlType.Text ? "string" : "range vector")}\" for range query, must be Scalar or instant Vector");
        var columns = expression.Type == PromQlType.Scalar
            ? [new Column(LabelSet.Empty, evaluator.Scalar(expression, steps))]
            : Unique(evaluator.Vector(expression, steps));
        var matrix = columns.Select(column => new SeriesRange(column.Labels, [.. column.Values
                .Select((value, i) => new Sample(steps.At(i), value)).Where(sample => Column.IsPresent(sample.Value))]))
            .Where(series => series.Samples.Count > 0)
            .OrderBy(series => series.Labels.ToString(), StringComparer.Ordinal);
        return new QueryResult { Kind = QueryResultKind.Matrix, Matrix = [.. matrix] };
    }

    private static List<Column> Unique(List<Column> columns)
    {
        // Two columns may share labels as long as they are never present at one step: a name that was dropped.
        var byLabels = new Dictionary<LabelSet, Column>();
        foreach (var column in columns)
        {
            if (!byLabels.TryGetValue(column.Labels, out var first))
            {
                byLabels[column.Labels] = column;
                continue;
            }

            for (var i = 0; i < column.Values.Length; i++)
            {
                if (!Column.IsPresent(column.Values[i]))
                    continue;
                if (Column.IsPresent(first.Values[i]))
                    throw new QueryFailureException("execution", "vector cannot contain metrics with the same labelset");
                first.Values[i] = column.Values[i];
            }
        }

        return byLabels.Count == columns.Count ? columns : [.. byLabels.Values];
    }

    private static string Literal(Expression expression) => expression is ParenExpression paren ? Literal(paren.Inner) : ((TextLiteral)expression).Value;
}
