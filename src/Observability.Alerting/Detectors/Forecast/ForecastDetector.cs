using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Foretells that a number reaches its limit: a full disk, no spare memory rows, a link beyond correction, too many errors. It fires only where even the
/// slower end of the slope's 95 % interval arrives within the horizon, so a lead time is never a matter of one bold reading. A remark
/// (severity info): it opens no incident by itself and wakes nobody. Has no timer; <see cref="RunDueAsync"/> calls must not overlap.
/// </summary>
public sealed class ForecastDetector
{
    private readonly ForecastOptions _options;
    private readonly DetectorQueries _queries;
    private readonly AlertLedger _ledger;
    private readonly Grid _grid;
    private readonly WatchList<WatchedSeries> _series;

    /// <summary>A detector that asks <paramref name="engine"/>.</summary>
    public ForecastDetector(IQueryEngine engine, IAlertOutput output, ForecastOptions options, ILogger<ForecastDetector> logger)
    {
        _options = options;
        _queries = new DetectorQueries(engine, "forecast", logger);
        _ledger = new AlertLedger(output, options.ResendDelay);
        _grid = new Grid(options.Interval);
        _series = new WatchList<WatchedSeries>(options.MaxSeries, options.ForgetAfter, "forecasts", static () => new WatchedSeries());
    }

    /// <summary>Looks once per interval; a call between two grid times does nothing.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_grid.Due(now) is not { } at)
            return;
        foreach (var signal in ForecastSignal.All)
        {
            foreach (var element in await _queries.VectorAsync(signal.Expression, at, cancellationToken) ?? [])
                See(signal, element, at);
        }

        // An alert outlives a series that is missing for a while, and is posted again meanwhile.
        _series.Sweep(at, _ledger).ForEach(labels => _ledger.Renew(labels, at));
    }

    private void See(ForecastSignal signal, SeriesSample element, DateTimeOffset at)
    {
        if (!double.IsFinite(element.Sample.Value) || signal.Entity(element.Labels) is not { } entity)
            return;
        var labels = Remark.Labels(element.Labels, signal.AlertName).With(AlertLabel.Entity, entity.ToString());
        if (_series.See(labels, at) is not { } series)
            return;
        series.See(at, element.Sample.Value, _options.Points);
        Judge(signal, labels, series, at);
    }

    private void Judge(ForecastSignal signal, LabelSet labels, WatchedSeries series, DateTimeOffset at)
    {
        var found = Foretell(signal, series);
        series.Streak = found is null ? Math.Min(-1, series.Streak - 1) : Math.Max(1, series.Streak + 1);
        if (found is { } forecast && (series.Streak >= _options.ConsecutiveRuns || _ledger.IsFiring(labels)))
            _ledger.Fire(Describe(signal, labels, series, forecast, at), at);
        else if (series.Streak <= -_options.ConsecutiveRuns)
            _ledger.Resolve(labels, at);
    }

    private Forecast? Foretell(ForecastSignal signal, WatchedSeries series)
    {
        if (series.Count < _options.FewestPoints || !series.Moves(signal.IsAbove))
            return null;
        var trend = series.Fit();
        var (expected, earliest, latest) = trend.Reaches(signal.Threshold, signal.IsAbove);
        var reach = series.Length * _options.HorizonLengths;
        var horizon = reach < _options.Horizon ? reach : _options.Horizon;
        return latest is { } slow && slow <= horizon.TotalSeconds && expected is { } mean && earliest is { } fast
            ? new Forecast(trend, TimeSpan.FromSeconds(mean), TimeSpan.FromSeconds(fast), TimeSpan.FromSeconds(slow))
            : null;
    }

    private static Alert Describe(ForecastSignal signal, LabelSet labels, WatchedSeries series, Forecast forecast, DateTimeOffset at)
    {
        var who = labels[AlertLabel.Entity];
        var where = labels.Has("mountpoint") ? $"{labels["mountpoint"]} of {who}" : who;
        var lead = Humanize.Duration(forecast.Expected.TotalSeconds);
        var text = $"{where} is at {Print(forecast.Trend.Level, signal.Unit)} and moves by {Print(forecast.Trend.Slope * 3600, signal.Unit)} per hour; at this pace it reaches {Print(signal.Threshold, signal.Unit)} in {lead}"
            + $" (95 % interval of the slope: {Humanize.Duration(forecast.Earliest.TotalSeconds)} to {Humanize.Duration(forecast.Latest.TotalSeconds)}), told from {series.Count} points over {Humanize.Duration(series.Length.TotalSeconds)}";
        return Remark.Of(labels, at, ($"{where} {signal.What} in about {lead}", text, signal.Runbook), (signal.Expression, series.Last.Value));
    }

    private static string Print(double value, string unit) => $"{GoFormat.General(value, 3)} {unit}";

    private readonly record struct Forecast(Trend Trend, TimeSpan Expected, TimeSpan Earliest, TimeSpan Latest);
}
