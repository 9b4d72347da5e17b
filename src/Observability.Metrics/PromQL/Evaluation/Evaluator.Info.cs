using Observability.Model;
using static Observability.Metrics.PromQlExpression;

namespace Observability.Metrics;

/// <summary><c>info(v, {data label matchers})</c>: the labels of <c>target_info</c> and its like, joined by job and instance.</summary>
internal sealed partial class Evaluator
{
    private static readonly LabelMatcher s_targetInfo = new(LabelSet.MetricNameLabel, "target_info");
    private static readonly LabelGrouping s_identifying = new(["instance", "job"], without: false);

    private List<VectorSeries> Info(Call call)
    {
        var input = Vector(call.Arguments[0]);
        var matchers = call.Arguments.Count > 1 ? ((VectorSelector)call.Arguments[1]).Matchers : [];
        var ofName = matchers.Where(matcher => matcher.Name == LabelSet.MetricNameLabel).DefaultIfEmpty(s_targetInfo).ToList();
        var ofData = matchers.Where(matcher => matcher.Name != LabelSet.MetricNameLabel).ToList();
        var shift = call.Arguments[0].Unwrapped is VectorSelector selector ? selector.Shift : TimeShift.None;
        var infos = SelectInstant(new VectorSelector("", [.. ofName, .. ofData], shift, call.Span), timestamps: false);
        var byTarget = infos.ToLookup(series => series.Labels, s_identifying);
        var wanted = ofData.Count == 0 ? null : ofData.Select(matcher => matcher.Name).ToHashSet(StringComparer.Ordinal);
        var keepsBare = ofData.TrueForAll(matcher => matcher.Matches(LabelSet.Empty));

        var result = new Dictionary<(LabelSet, bool), VectorSeries>();
        foreach (var series in input)
        {
            if (ofName.TrueForAll(matcher => matcher.Matches(series.Labels)))
            {
                for (var i = 0; i < grid.Count; i++)
                    Put(result, series, series.Labels, i);
                continue;
            }

            Enrich(result, series, [.. byTarget[series.Labels]], wanted, keepsBare);
        }

        return [.. result.Values];
    }

    // Which info series exist changes from step to step, so the result's labels may.
    private void Enrich(
        Dictionary<(LabelSet, bool), VectorSeries> result, VectorSeries series, List<VectorSeries> infos, HashSet<string>? wanted, bool keepsBare)
    {
        for (var i = 0; i < grid.Count; i++)
        {
            if (VectorSeries.IsAbsent(series.Values[i]))
                continue;
            var labels = series.Labels;
            var found = false;
            foreach (var info in infos)
            {
                if (VectorSeries.IsAbsent(info.Values[i]))
                    continue;
                found = true;
                labels = WithData(labels, series.Labels, info.Labels, wanted);
            }

            if (found || keepsBare)
                Put(result, series, labels, i);
        }
    }

    private static LabelSet WithData(LabelSet labels, LabelSet own, LabelSet info, HashSet<string>? wanted)
    {
        foreach (var (name, value) in info)
        {
            // The series' own labels win over those of the info metric.
            if (name == LabelSet.MetricNameLabel || own.Has(name) || wanted?.Contains(name) == false)
                continue;
            if (labels.TryGet(name, out var other) && other != value)
                throw new EvaluationException($"conflicting label: {name} is both {PromQlText.Quote(other)} and {PromQlText.Quote(value)} in info metrics of {own}");
            labels = labels.With(name, value);
        }

        return labels;
    }

    private void Put(Dictionary<(LabelSet, bool), VectorSeries> result, VectorSeries series, LabelSet labels, int step)
    {
        if (VectorSeries.IsAbsent(series.Values[step]))
            return;
        if (!result.TryGetValue((labels, series.DropsName), out var into))
            result.Add((labels, series.DropsName), into = new VectorSeries(labels, VectorSeries.NoValues(grid.Count)) { DropsName = series.DropsName });
        if (!VectorSeries.IsAbsent(into.Values[step]))
            throw new EvaluationException("vector cannot contain metrics with the same labelset");
        into.Values[step] = series.Values[step];
    }
}
