using System.Collections.Concurrent;
using System.Diagnostics;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>Answers PromQL from the series store of this process.</summary>
public sealed class EmbeddedQueryEngine : IQueryEngine
{
    private const int ParseCacheLimit = 4096;

    private readonly SeriesStore _store;
    private readonly QueryOptions _options;

    // Rules ask the same questions every few seconds.
    private readonly ConcurrentDictionary<string, ParseOutcome> _parsed = new(StringComparer.Ordinal);

    /// <summary>An engine over a store.</summary>
    public EmbeddedQueryEngine(SeriesStore store, QueryOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        _options = options ?? new QueryOptions();
    }

    /// <inheritdoc/>
    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        QueryAsync(expression, at, QueryDemand.None, cancellationToken);

    /// <summary>Evaluates at one time, with a lookback or timeout of its own.</summary>
    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, QueryDemand demand, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(demand);
        var grid = new EvaluationGrid(at.ToUnixTimeMilliseconds(), 0, 1);
        return ValueTask.FromResult(Run(new Query(expression, grid, _options.For(demand), Instant), cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken) =>
        QueryRangeAsync(expression, (start, end, step), QueryDemand.None, cancellationToken);

    /// <summary>Evaluates at every step of a range, with a lookback or timeout of its own.</summary>
    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, (DateTimeOffset Start, DateTimeOffset End, TimeSpan Step) range, QueryDemand demand, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(demand);
        var (start, end, step) = range;
        if (step <= TimeSpan.Zero)
            return RefuseAsync("zero or negative query resolution step widths are not accepted. Try a positive integer");
        if (end < start)
            return RefuseAsync("invalid parameter \"end\": end timestamp must not be before start time");
        var (from, to, stride) = (start.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds(), Math.Max(1, (long)step.TotalMilliseconds));
        if ((to - from) / stride >= _options.MaxSteps)
            return RefuseAsync($"exceeded maximum resolution of {_options.MaxSteps:N0} points per timeseries. Try decreasing the query resolution (?step=XX)");
        var grid = new EvaluationGrid(from, stride, (int)((to - from) / stride) + 1);
        return ValueTask.FromResult(Run(new Query(expression, grid, _options.For(demand), OverRange), cancellationToken));
    }

    private static ValueTask<QueryResult> RefuseAsync(string message) => ValueTask.FromResult(QueryResult.Failed("bad_data", message));

    private QueryResult Run(Query query, CancellationToken cancellationToken)
    {
        var result = Answer(query, cancellationToken);
        MetricsMetrics.CountQuery("embedded", result);
        return result;
    }

    private QueryResult Answer(Query query, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var parsed = Parse(query.Text);
        if (!parsed.Succeeded)
            return QueryResult.Failed("bad_data", $"invalid parameter \"query\": {parsed.Error}");
        var preparation = Stopwatch.GetElapsedTime(started);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Timers count in milliseconds; less than one is over before it begins.
        if (query.Options.Timeout >= TimeSpan.FromMilliseconds(1))
            limit.CancelAfter(query.Options.Timeout);
        else
            limit.Cancel();
        var context = new QueryContext(_store, query.Options, query.Text, limit.Token) { Outer = query.Grid };
        try
        {
            started = Stopwatch.GetTimestamp();
            var result = query.Evaluate(parsed.Expression, context, query.Grid);
            return result with
            {
                Warnings = context.Remarks,
                Cost = new QueryCost(context.Samples, preparation, Stopwatch.GetElapsedTime(started), context.Sorting),
            };
        }
        catch (EvaluationException fault)
        {
            return QueryResult.Failed("execution", fault.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return QueryResult.Failed("timeout", $"query timed out after {PromQlDuration.Format(query.Options.Timeout)}; ask for fewer steps or series, or raise the timeout");
        }
    }

    private ParseOutcome Parse(string text)
    {
        if (_parsed.TryGetValue(text, out var known))
            return known;
        var parsed = PromQlParser.Parse(text, _options.ExperimentalFunctions);
        if (_parsed.Count >= ParseCacheLimit)
            _parsed.Clear();
        _parsed.TryAdd(text, parsed);
        return parsed;
    }

    private static QueryResult Instant(PromQlExpression expression, QueryContext context, EvaluationGrid grid)
    {
        var evaluator = new Evaluator(context, grid);
        switch (expression.Type)
        {
            case PromQlType.Scalar:
                return new QueryResult { Kind = QueryResultKind.Scalar, Scalar = new Sample(grid.Start, evaluator.Scalar(expression)[0]) };
            case PromQlType.Text:
                return new QueryResult { Kind = QueryResultKind.Text, Text = Evaluator.TextOf(expression), Scalar = new Sample(grid.Start, 0) };
            case PromQlType.RangeVector:
                return new QueryResult { Kind = QueryResultKind.Matrix, Matrix = RawRange(context, evaluator.Range(expression)) };
            default:
                var series = Evaluator.Finish(evaluator.Vector(expression)).FindAll(entry => !VectorSeries.IsAbsent(entry.Values[0]));
                return new QueryResult
                {
                    Kind = QueryResultKind.Vector,
                    Vector = series.ConvertAll(entry => new SeriesSample(entry.Labels, new Sample(grid.Start, entry.Values[0]))),
                };
        }
    }

    private static List<SeriesRange> RawRange(QueryContext context, WindowVector range)
    {
        var result = new List<SeriesRange>();
        var buffer = new SampleBuffer();
        for (var index = 0; index < range.Series.Count; index++)
        {
            var entry = range.Series[index];
            var read = range.Read(index, buffer);
            context.Charge(read.Count);
            var samples = new List<Sample>(read.Count);
            for (var i = 0; i < read.Count; i++)
                samples.Add(new Sample(read.Times[i], read.Values[i]));
            if (samples.Count > 0)
                result.Add(new SeriesRange(entry.DropsName ? LabelSubset.DropName(entry.Labels) : entry.Labels, samples));
        }

        context.Sort(result, (left, right) => LabelSet.Compare(left.Labels, right.Labels));
        return result;
    }

    private static QueryResult OverRange(PromQlExpression expression, QueryContext context, EvaluationGrid grid)
    {
        var evaluator = new Evaluator(context, grid);
        if (expression.Type is PromQlType.Text or PromQlType.RangeVector)
        {
            return QueryResult.Failed("bad_data",
                $"invalid parameter \"query\": invalid expression type \"{TypeChecker.Describe(expression.Type)}\" for range query, must be Scalar or instant Vector");
        }

        var series = expression.Type == PromQlType.Scalar
            ? [new VectorSeries(LabelSet.Empty, evaluator.Scalar(expression))]
            : Evaluator.Finish(evaluator.Vector(expression));
        var matrix = new List<SeriesRange>(series.Count);
        foreach (var entry in series)
        {
            var samples = Present(entry, grid);
            if (samples.Count > 0)
                matrix.Add(new SeriesRange(entry.Labels, samples));
        }

        context.Sort(matrix, (left, right) => LabelSet.Compare(left.Labels, right.Labels));
        return new QueryResult { Kind = QueryResultKind.Matrix, Matrix = matrix };
    }

    private static List<Sample> Present(VectorSeries series, EvaluationGrid grid)
    {
        var samples = new List<Sample>(grid.Count);
        for (var i = 0; i < grid.Count; i++)
        {
            if (!VectorSeries.IsAbsent(series.Values[i]))
                samples.Add(new Sample(grid.At(i), series.Values[i]));
        }

        return samples;
    }

    private sealed record Query(
        string Text, EvaluationGrid Grid, QueryOptions Options, Func<PromQlExpression, QueryContext, EvaluationGrid, QueryResult> Evaluate);
}
