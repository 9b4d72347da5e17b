using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Finds when the step time or the MFU of a job settled at another level, by <see cref="RobustCusum"/> over its steps: smaller shifts than the
/// rules' fixed limits, and with the time they began, which is what a change is to be held against. A remark (severity info): it opens no
/// incident by itself and wakes nobody. Has no timer; <see cref="RunDueAsync"/> calls must not overlap.
/// </summary>
public sealed class ChangePointDetector
{
    private readonly ChangePointOptions _options;
    private readonly DetectorQueries _queries;
    private readonly AlertLedger _ledger;
    private readonly Grid _grid;
    private readonly WatchList<Watched> _watched;

    /// <summary>A detector that asks <paramref name="engine"/>.</summary>
    public ChangePointDetector(IQueryEngine engine, IAlertOutput output, ChangePointOptions options, ILogger<ChangePointDetector> logger)
    {
        _options = options;
        _queries = new DetectorQueries(engine, "change_point", logger);
        _ledger = new AlertLedger(output, options.ResendDelay);
        _grid = new Grid(options.Interval);
        _watched = new WatchList<Watched>(options.MaxSeries, options.ForgetAfter, "change_points", () => new Watched(new RobustCusum(options)));
    }

    /// <summary>Looks once per interval; a call between two grid times does nothing.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_grid.Due(now) is not { } at)
            return;
        var steps = await _queries.VectorAsync(JobSteps.Number, at, cancellationToken);
        if (steps is null)
            return;
        var stepOf = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var step in steps)
            stepOf[step.Labels["job_name"]] = step.Sample.Value;
        foreach (var signal in ChangePointSignal.All)
        {
            foreach (var element in await _queries.VectorAsync(signal.Expression, at, cancellationToken) ?? [])
            {
                if (stepOf.TryGetValue(element.Labels["job_name"], out var step) && double.IsFinite(element.Sample.Value))
                    See(signal, element.Labels["job_name"], (step, element.Sample.Value), at);
            }
        }

        // An alert outlives a series that is missing for a while, and is posted again meanwhile.
        _watched.Sweep(at, _ledger).ForEach(labels => _ledger.Renew(labels, at));
    }

    // One value a step: a step that is scraped twice is one observation, and a job that stands still gives none.
    private void See(ChangePointSignal signal, string job, (double Step, double Value) seen, DateTimeOffset at)
    {
        var labels = Remark.Labels(LabelSet.Of(("job_name", job), (AlertLabel.Entity, new EntityId(EntityKind.Job, job).ToString())), signal.AlertName);
        if (_watched.See(labels, at) is not { } watched)
            return;
        if (seen.Step.Equals(watched.Step))
            return;
        watched.Step = seen.Step;
        watched.Cusum.See(seen.Value, at);
        if (watched.Cusum.Change is { } change)
            _ledger.Fire(Describe(signal, labels, job, change, at), at);
        else
            _ledger.Resolve(labels, at);
    }

    private Alert Describe(ChangePointSignal signal, LabelSet labels, string job, ChangePoint change, DateTimeOffset at)
    {
        var percent = GoFormat.Fixed(100 * (change.Ratio - 1), 1);
        var text = $"{signal.What} of {job} was {Print(change.From, signal)} (median of {_options.ReferenceSteps} steps) and is {Print(change.To, signal)} since {change.At:yyyy-MM-dd HH:mm:ss}Z: {percent} %, {GoFormat.Fixed(change.Deviations, 1)} robust standard deviations";
        return Remark.Of(
            labels, at, ($"{signal.What} of {job} changed by {percent} % at {change.At:HH:mm:ss}Z", text, "runbooks/training-slow.md"), (signal.Expression, change.To));
    }

    private static string Print(double value, ChangePointSignal signal) => GoFormat.General(value, 4) + signal.Unit;

    private sealed class Watched(RobustCusum cusum)
    {
        public RobustCusum Cusum { get; } = cusum;

        public double Step { get; set; } = double.NaN;
    }
}
