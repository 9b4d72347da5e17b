using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Finds jobs whose steps have become slow, step by step: a rule that looks every ten seconds and waits for two looks more needs three times as
/// long. Where the times come from a log or from spans each step counts; from an exporter or a push, each report. Why the steps are slow is for
/// the incident to say. Has no timer; <see cref="RunDueAsync"/> calls must not overlap.
/// </summary>
public sealed class SlowStepDetector
{
    /// <summary>Name of the alert.</summary>
    public const string AlertName = "JobStepSlow";

    private readonly SlowStepOptions _options;
    private readonly DetectorQueries _queries;
    private readonly AlertLedger _ledger;
    private readonly Grid _grid;
    private readonly Dictionary<LabelSet, Source> _sources = [];

    /// <summary>A detector that asks <paramref name="engine"/>.</summary>
    public SlowStepDetector(IQueryEngine engine, IAlertOutput output, SlowStepOptions options, ILogger<SlowStepDetector> logger)
    {
        _options = options;
        _queries = new DetectorQueries(engine, "slow_step", logger);
        _ledger = new AlertLedger(output, options.ResendDelay);
        _grid = new Grid(options.Interval);
    }

    /// <summary>Looks once per interval; a call between two grid times does nothing.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_grid.Due(now) is not { } at)
            return;
        // Where nobody reported anew nothing else is asked, which is often.
        if (await _queries.VectorAsync(JobSteps.ReportBySource, at, cancellationToken) is not { } reports)
            return;
        foreach (var job in Admitted(reports).GroupBy(report => report.Labels["job_name"], StringComparer.Ordinal))
            await RecallAsync(job.Key, [.. job], at, cancellationToken);
        if (reports.Any(IsNew))
        {
            var durations = await _queries.VectorAsync(JobSteps.DurationBySource, at, cancellationToken);
            var steps = await _queries.VectorAsync(JobSteps.Number, at, cancellationToken);
            if (durations is null || steps is null)
                return;
            See(reports, durations, steps);
        }

        foreach (var report in reports)
        {
            if (_sources.TryGetValue(report.Labels, out var source))
                source.SeenAt = at;
        }

        Judge(at);
    }

    // Those seen for the first time, as far as there is room: nothing is asked of the past of those that are refused.
    private List<SeriesSample> Admitted(IReadOnlyList<SeriesSample> reports)
    {
        var fresh = reports.Where(report => !_sources.ContainsKey(report.Labels)).ToList();
        for (var refused = fresh.Count - (_options.MaxSources - _sources.Count); refused > 0; refused--)
        {
            AlertingMetrics.CountRefused("step_sources");
            fresh.RemoveAt(fresh.Count - 1);
        }

        return fresh;
    }

    // Sources that are seen for the first time have a past where this process is younger than they: a job that becomes slow while the platform is
    // restarted must not teach it that this is usual. What has been reported counts as seen; a value that stays is one step.
    private async Task RecallAsync(string job, IReadOnlyList<SeriesSample> reports, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await _queries.MatrixAsync(JobSteps.RecentDurations(job), at, cancellationToken) is not { } past)
            return;
        foreach (var report in reports)
        {
            var source = _sources[report.Labels] = new Source(report.Labels, new SlowSteps(_options)) { ReportedAt = report.Sample.Value };
            var before = double.NaN;
            // The ranks step together: one of them tells enough.
            foreach (var sample in past.Where(series => JobSteps.SourceOf(series.Labels).Equals(report.Labels)).MaxBy(series => series.Samples.Count)?.Samples ?? [])
            {
                if (!sample.Value.Equals(before) && double.IsFinite(sample.Value) && sample.Value > 0)
                    source.Steps.See(sample.Value);
                before = sample.Value;
            }
        }
    }

    private bool IsNew(SeriesSample report) => _sources.TryGetValue(report.Labels, out var source) && !report.Sample.Value.Equals(source.ReportedAt);

    private void See(IReadOnlyList<SeriesSample> reports, IReadOnlyList<SeriesSample> durations, IReadOnlyList<SeriesSample> steps)
    {
        var (secondsOf, stepOf) = (new Dictionary<LabelSet, double>(), new Dictionary<string, double>(StringComparer.Ordinal));
        foreach (var duration in durations)
            secondsOf[duration.Labels] = duration.Sample.Value;
        foreach (var step in steps)
            stepOf[step.Labels["job_name"]] = step.Sample.Value;
        foreach (var report in reports.Where(IsNew))
        {
            if (secondsOf.TryGetValue(report.Labels, out var seconds))
                See(report.Labels, (report.Sample.Value, stepOf.TryGetValue(report.Labels["job_name"], out var step) ? step : null, seconds));
        }
    }

    // A job that stands still may report the same step again and again. Where nobody numbers the steps every report is one.
    private void See(LabelSet labels, (double At, double? Step, double Seconds) report)
    {
        var source = _sources[labels];
        source.ReportedAt = report.At;
        if ((report.Step is { } step && step.Equals(source.Step)) || !double.IsFinite(report.Seconds) || report.Seconds <= 0)
            return;
        source.Step = report.Step;
        source.Steps.See(report.Seconds);
    }

    // A job is slow where any of its sources says so: one that tells each step is ahead of one that tells every tenth. A job that is not seen is
    // not slow any more, but what is usual for it is remembered until it is back.
    private void Judge(DateTimeOffset at)
    {
        foreach (var job in _sources.Values.GroupBy(source => source.Labels["job_name"], StringComparer.Ordinal).ToArray())
        {
            var labels = LabelsOf(job.Key);
            var slow = job.Where(source => source.Steps.IsSlow && at - source.SeenAt <= _options.EndAfter).MaxBy(source => source.Steps.Ratio);
            if (slow is null)
                _ledger.Resolve(labels, at);
            else if (_ledger.IsFiring(labels))
                _ledger.Renew(labels, at);
            else
                _ledger.Fire(Describe(labels, job.Key, slow, at), at);
            foreach (var source in job.Where(source => at - source.SeenAt > _options.ForgetAfter))
                _sources.Remove(source.Labels);
        }
    }

    private static LabelSet LabelsOf(string job) => LabelSet.Of(
        (AlertLabel.Name, AlertName),
        ("job_name", job),
        (AlertLabel.Severity, "warning"),
        (AlertLabel.FaultClass, FaultClass.Unknown),
        (AlertLabel.Role, AlertLabel.RoleSymptom),
        (AlertLabel.Entity, new EntityId(EntityKind.Job, job).ToString()));

    private Alert Describe(LabelSet labels, string job, Source slow, DateTimeOffset at)
    {
        var steps = slow.Steps;
        var ratio = GoFormat.Fixed(steps.Ratio, 2);
        var text = $"The last {_options.Steps} steps of {job} took {Humanize.Duration(steps.Now)} (median), {ratio} times the median of its usual ones ({Humanize.Duration(steps.Usual)}); a step is slow from {Humanize.Duration(steps.Limit)} on.";
        var selector = $"{JobSteps.Series}{slow.Labels}";
        return new Alert
        {
            Labels = labels,
            State = AlertState.Firing,
            StartsAt = at,
            UpdatedAt = at,
            Origin = AlertOrigin.Detector,
            Annotations = LabelSet.Of(
                ("summary", $"Steps of {job} take {ratio} times as long as usual"),
                ("description", text),
                ("runbook_url", "runbooks/training-slow.md")),
            Evidence = [new Evidence(EvidenceKind.Sample, text, selector, at) { Value = steps.Now }],
        };
    }

    private sealed class Source(LabelSet labels, SlowSteps steps)
    {
        public LabelSet Labels { get; } = labels;

        public SlowSteps Steps { get; } = steps;

        public double ReportedAt { get; set; } = double.NaN;

        public double? Step { get; set; }

        public DateTimeOffset SeenAt { get; set; }
    }
}
