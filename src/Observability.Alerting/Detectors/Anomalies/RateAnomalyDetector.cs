using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Watches counter rates of the fleet with <see cref="SeriesAnomalyDetector"/>: unusual against their own past, time of day included. A remark
/// (severity info): it opens no incident by itself and wakes nobody. Has no timer; <see cref="RunDueAsync"/> calls must not overlap.
/// </summary>
public sealed class RateAnomalyDetector
{
    private readonly RateAnomalyOptions _options;
    private readonly DetectorQueries _queries;
    private readonly AlertLedger _ledger;
    private readonly Grid _grid;
    private readonly WatchList<Watched> _watched;

    /// <summary>A detector that asks <paramref name="engine"/>.</summary>
    public RateAnomalyDetector(IQueryEngine engine, IAlertOutput output, RateAnomalyOptions options, ILogger<RateAnomalyDetector> logger)
    {
        _options = options;
        _queries = new DetectorQueries(engine, "rate_anomaly", logger);
        _ledger = new AlertLedger(output, options.ResendDelay);
        _grid = new Grid(options.Interval);
        _watched = new WatchList<Watched>(options.MaxSeries, options.ForgetAfter, "rates", () => new Watched(new SeriesAnomalyDetector(options.Series)));
    }

    /// <summary>Looks once per interval; a call between two grid times does nothing.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_grid.Due(now) is not { } at)
            return;
        foreach (var signal in RateSignal.All)
        {
            foreach (var element in await _queries.VectorAsync(signal.Expression, at, cancellationToken) ?? [])
                See(signal, element, at);
        }

        _watched.Sweep(at, _ledger);
    }

    private void See(RateSignal signal, SeriesSample element, DateTimeOffset at)
    {
        if (!double.IsFinite(element.Sample.Value))
            return;
        var labels = Remark.Labels(element.Labels, signal.AlertName);
        if (_watched.See(labels, at) is not { } watched)
            return;
        watched.Rows++;
        var score = watched.Detector.Observe(at, element.Sample.Value);
        if (score.Score >= SeriesScore.Alarm)
        {
            watched.ShownUntil = watched.Rows + _options.ShownRows;
            _ledger.Fire(Describe(signal, labels, (element.Sample.Value, score, watched.Rows), at), at);
        }
        else if (watched.Rows >= watched.ShownUntil)
        {
            _ledger.Resolve(labels, at);
        }
        else
        {
            _ledger.Renew(labels, at);
        }
    }

    private Alert Describe(RateSignal signal, LabelSet labels, (double Value, SeriesScore Score, long Rows) row, DateTimeOffset at)
    {
        var views = row.Score.Views;
        var value = Humanize.Number(row.Value);
        var text = $"{signal.What}: {value}, score {Print(row.Score.Score)} of 1, alarm from {Print(SeriesScore.Alarm)}; compared with {row.Rows - 1} rows of {Humanize.Duration(_options.Interval.TotalSeconds)} before it, its course is as rare as one in 10^{Print(views.State)}, its level 10^{Print(views.Level)}, for this time of day 10^{Print(views.Season)}, its jump 10^{Print(views.Jump)}";
        return Remark.Of(labels, at, ($"{value} {signal.What} is unusual for this fleet", text, signal.Runbook), (signal.Expression, row.Value));
    }

    private static string Print(double value) => GoFormat.Fixed(value, 2);

    private sealed class Watched(SeriesAnomalyDetector detector)
    {
        public SeriesAnomalyDetector Detector { get; } = detector;

        public long Rows { get; set; }

        public long ShownUntil { get; set; }
    }
}
