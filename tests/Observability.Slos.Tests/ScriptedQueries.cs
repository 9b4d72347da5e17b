using Observability.Metrics;
using Observability.Model;

namespace Observability.Slos.Tests;

/// <summary>Answers each expression with what was last set for it; an expression without an answer gives no samples.</summary>
internal sealed class ScriptedQueries : IQueryEngine
{
    private readonly Dictionary<string, QueryResult> _answers = [];

    public void Set(string expression, params double[] values) =>
        Set(expression, [.. values.Select((value, i) => ($"{i}", value))]);

    public void Set(string expression, (string Series, double Value)[] values) => _answers[expression] = new QueryResult
    {
        Kind = QueryResultKind.Vector,
        Vector = [.. values.Select(value => new SeriesSample(LabelSet.Of(("series", value.Series)), new Sample(0, value.Value)))],
    };

    public void Fail(string expression) => _answers[expression] = QueryResult.Failed("execution", "broken");

    public ValueTask<QueryResult> QueryAsync(string expression, DateTimeOffset at, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_answers.GetValueOrDefault(expression) ?? new QueryResult { Kind = QueryResultKind.Vector });

    public ValueTask<QueryResult> QueryRangeAsync(
        string expression, DateTimeOffset start, DateTimeOffset end, TimeSpan step, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("the SLO engine keeps running sums and asks for no ranges");
}
