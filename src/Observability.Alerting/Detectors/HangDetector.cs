using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Finds jobs that stand still while their GPUs spin: hung ranks wait in a collective at full utilisation
/// (facts/failures.md §5), long before the training framework's own watchdog gives up. Why it stands still is for the
/// incident to say. Has no timer; <see cref="RunDueAsync"/> calls must not overlap.
/// </summary>
public sealed class HangDetector
{
    private const string Utilisation = "DCGM_FI_DEV_GPU_UTIL";

    private readonly HangOptions _options;
    private readonly DetectorQueries _queries;
    private readonly AlertLedger _ledger;
    private readonly Grid _grid;
    private readonly SortedDictionary<string, WatchedJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>A detector that asks <paramref name="engine"/>.</summary>
    public HangDetector(IQueryEngine engine, IAlertOutput output, HangOptions options, ILogger<HangDetector> logger)
    {
        _options = options;
        _queries = new DetectorQueries(engine, "hang", logger);
        _ledger = new AlertLedger(output, options.ResendDelay);
        _grid = new Grid(options.Interval);
    }

    /// <summary>Looks once per interval; a call between two grid times does nothing.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_grid.Due(now) is not { } at)
            return;
        var steps = await _queries.VectorAsync(JobSteps.Number, at, cancellationToken);
        var durations = await _queries.VectorAsync(JobSteps.Duration, at, cancellationToken);
        var ranks = await _queries.VectorAsync(PeerSignal.RankCompute.Expression, at, cancellationToken);
        var utilisation = await _queries.VectorAsync(Utilisation, at, cancellationToken);
        if (steps is null || durations is null || ranks is null || utilisation is null)
            return;

        See(steps, durations, at);
        foreach (var job in ranks.GroupBy(rank => rank.Labels["job_name"], StringComparer.Ordinal))
        {
            if (_jobs.TryGetValue(job.Key, out var watched))
                watched.Gpus = job.Select(rank => rank.Labels["UUID"]).Where(uuid => uuid.Length > 0).ToHashSet(StringComparer.Ordinal);
        }

        Judge(utilisation, at);
    }

    private void See(IReadOnlyList<SeriesSample> steps, IReadOnlyList<SeriesSample> durations, DateTimeOffset at)
    {
        var durationOf = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var duration in durations)
            durationOf[duration.Labels["job_name"]] = duration.Sample.Value;
        foreach (var step in steps)
        {
            var name = step.Labels["job_name"];
            if (_jobs.TryGetValue(name, out var job))
                job.See(step.Sample.Value, durationOf.TryGetValue(name, out var seconds) ? seconds : null, at, _options.DurationHistory);
            else if (_jobs.Count < _options.MaxJobs)
                _jobs[name] = new WatchedJob(step.Sample.Value, at);
            else
                AlertingMetrics.CountRefused("jobs");
        }
    }

    private void Judge(IReadOnlyList<SeriesSample> utilisation, DateTimeOffset at)
    {
        var byUuid = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var gpu in utilisation)
            byUuid[gpu.Labels["UUID"]] = gpu.Sample.Value;
        foreach (var (name, job) in _jobs.ToArray())
        {
            var values = job.Gpus.Where(byUuid.ContainsKey).Select(uuid => byUuid[uuid]).ToArray();
            var busy = values.Length == 0 ? double.NaN : RobustSpread.Of(values).Median;
            var limit = LimitOf(job);
            var labels = LabelsOf(name);
            if (at - job.MovedAt > limit && busy >= _options.MinUtilisationPercent)
                _ledger.Fire(Describe(labels, name, job, (busy, values.Length), at), at);
            else if (double.IsNaN(busy) && at - job.SeenAt <= _options.ForgetAfter && at - job.MovedAt > limit)
                _ledger.Renew(labels, at); // Unknown is no recovery.
            else
                _ledger.Resolve(labels, at);
            if (at - job.SeenAt > _options.ForgetAfter && !_ledger.IsFiring(labels))
                _jobs.Remove(name);
        }
    }

    private TimeSpan LimitOf(WatchedJob job)
    {
        var limit = job.MedianStep() * _options.StepDurations;
        return limit > _options.MinimumStall ? limit : _options.MinimumStall;
    }

    private static LabelSet LabelsOf(string job) => LabelSet.Of(
        (AlertLabel.Name, "JobStalled"),
        ("job_name", job),
        (AlertLabel.Severity, "critical"),
        (AlertLabel.FaultClass, FaultClass.UserCodeHang),
        (AlertLabel.Role, AlertLabel.RoleSymptom),
        (AlertLabel.Entity, new EntityId(EntityKind.Job, job).ToString()));

    private static Alert Describe(LabelSet labels, string name, WatchedJob job, (double Busy, int Gpus) now, DateTimeOffset at)
    {
        var stalled = Humanize.Duration((at - job.MovedAt).TotalSeconds);
        var text = $"{name} stands at step {GoFormat.Print(job.Step)} for {stalled} while its {now.Gpus} GPUs show a median utilisation of {GoFormat.General(now.Busy, 4)} %; a step takes {Humanize.Duration(job.MedianStep().TotalSeconds)}";
        return new Alert
        {
            Labels = labels,
            State = AlertState.Firing,
            StartsAt = at,
            UpdatedAt = at,
            Origin = AlertOrigin.Detector,
            Annotations = LabelSet.Of(
                ("summary", $"{name} has made no step for {stalled}"),
                ("description", text),
                ("runbook_url", "runbooks/user-code-hang.md")),
            Evidence =
            [
                new Evidence(EvidenceKind.Sample, text, $"train_step{{job_name=\"{name}\"}}", at) { Value = job.Step },
                new Evidence(EvidenceKind.Sample, $"median utilisation of {now.Gpus} GPUs", Utilisation, at) { Value = now.Busy },
            ],
        };
    }
}
