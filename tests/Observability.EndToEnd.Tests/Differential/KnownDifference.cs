using System.Globalization;
using Observability.Metrics;
using Observability.Model;

namespace Observability.EndToEnd.Tests;

/// <summary>
/// What Prometheus 2.42 answers otherwise than 3.x does, beyond what the switch for 2.x brings back. An entry must show that it is
/// the whole reason of a difference.
/// </summary>
internal static class KnownDifference
{
    /// <summary>Names the reason for which a query's answers differ; null where there is none.</summary>
    /// <param name="query">The query.</param>
    /// <param name="theirs">What Prometheus answered.</param>
    /// <param name="ours">What our engine answered.</param>
    /// <param name="prometheus">Prometheus, to be asked further.</param>
    public static async Task<string?> FindAsync(GeneratedQuery query, QueryResult theirs, QueryResult ours, IQueryEngine prometheus)
    {
        if (query.Expression.Contains("atan2", StringComparison.Ordinal) && AnswerDifference.Find(WithoutNames(theirs), WithoutNames(ours)) is null)
            return "atan2 keeps the metric name in 2.42, unlike all other arithmetic; without names the answers are equal";
        if (query.Expression.Contains("predict_linear", StringComparison.Ordinal) && query.Expression.Contains(" @ ", StringComparison.Ordinal)
            && AnswerDifference.Find(await StepByStepAsync(query, prometheus), ours) is null)
            return "predict_linear over a window held by @ moves with the steps in 2.42; instant queries of the same times answer as we do";
        return null;
    }

    private static QueryResult WithoutNames(QueryResult result) => result with
    {
        Matrix = [.. result.Matrix.Select(series => series with { Labels = series.Labels.Without(LabelSet.MetricNameLabel) })],
    };

    private static async Task<QueryResult> StepByStepAsync(GeneratedQuery query, IQueryEngine engine)
    {
        var last = query.Start + (query.Step * ((query.End - query.Start).Ticks / query.Step.Ticks));
        var expression = query.Expression.Replace("start()", Literal(query.Start), StringComparison.Ordinal).Replace("end()", Literal(query.End), StringComparison.Ordinal);
        var series = new Dictionary<LabelSet, List<Sample>>();
        for (var at = query.Start; at <= last; at += query.Step)
        {
            foreach (var (labels, sample) in (await engine.QueryAsync(expression, at, CancellationToken.None)).Vector)
            {
                if (!series.TryGetValue(labels, out var samples))
                    series.Add(labels, samples = []);
                samples.Add(sample);
            }
        }

        return new QueryResult { Kind = QueryResultKind.Matrix, Matrix = [.. series.Select(one => new SeriesRange(one.Key, one.Value))] };
    }

    private static string Literal(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);
}
