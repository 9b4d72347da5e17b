using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Slos;

/// <summary>Asks the queries of one SLO and turns their answers into good and total.</summary>
internal sealed class Indicator(SloSpec slo, IQueryEngine queries, SloOptions options, ILogger logger)
{
    private readonly CounterIncrease _part = new(options);
    private readonly CounterIncrease _total = new(options);

    /// <summary>Null where there is nothing to measure: a query failed or gave no samples.</summary>
    public async ValueTask<Measurement?> MeasureAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sli = slo.Indicator;
        if (sli.Threshold is { } gauge)
            return await ReadAsync(gauge, now, cancellationToken) is { Count: > 0 } values ? Compare(values) : null;
        if ((sli.RawSuccess ?? sli.RawFailure) is { } raw)
            return await ReadAsync(raw, now, cancellationToken) is { Count: > 0 } ratios ? Raw(ratios, sli.RawSuccess is not null) : null;
        if (await ReadAsync(sli.Total ?? "", now, cancellationToken) is not { Count: > 0 } total
            || await ReadAsync(sli.Good ?? sli.Bad ?? "", now, cancellationToken) is not { } part)
        {
            return null;
        }

        var all = sli.IsCounter ? _total.Advance(total, now) : Sum(total);
        var some = sli.IsCounter ? _part.Advance(part, now) : Sum(part);
        return Measurement.Of(sli.Good is not null ? some : all - some, all);
    }

    private Measurement Compare(IReadOnlyList<SeriesSample> values)
    {
        var finite = values.Where(value => !double.IsNaN(value.Sample.Value)).ToArray();
        return Measurement.Of(finite.Count(value => Holds(value.Sample.Value)), finite.Length);
    }

    private bool Holds(double value) => slo.ThresholdOperator switch
    {
        "lt" => value < slo.ThresholdValue,
        "lte" => value <= slo.ThresholdValue,
        "gt" => value > slo.ThresholdValue,
        _ => value >= slo.ThresholdValue,
    };

    private static Measurement Raw(IReadOnlyList<SeriesSample> ratios, bool isSuccess)
    {
        var finite = ratios.Where(ratio => double.IsFinite(ratio.Sample.Value)).ToArray();
        var sum = Sum(finite);
        return Measurement.Of(isSuccess ? sum : finite.Length - sum, finite.Length);
    }

    private static double Sum(IReadOnlyList<SeriesSample> samples) =>
        samples.Sum(sample => double.IsFinite(sample.Sample.Value) ? sample.Sample.Value : 0);

    private async ValueTask<IReadOnlyList<SeriesSample>?> ReadAsync(string expression, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await queries.QueryAsync(expression, now, cancellationToken);
        if (result.Error is null)
            return result.Kind == QueryResultKind.Scalar ? [new SeriesSample(LabelSet.Empty, result.Scalar)] : result.Vector;
        SloMetrics.QueriesFailed.Add(1);
        SloLog.QueryFailed(logger, slo.Id, expression, result.Error.Message);
        return null;
    }
}
