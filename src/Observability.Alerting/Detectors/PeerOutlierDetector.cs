using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Compares each rank and GPU of a job with its peers in the same job. Only a rank that stands out several times in a
/// row is named; an outlier that moves from rank to rank is the software's, and many at once are the whole job's
/// (facts/failures.md §3: workers cause 1.7 % of stragglers). Comparisons count only while the job makes progress, and of ranks only
/// where they have reported anew: one reading that is looked at three times is not three.
/// Has no timer; <see cref="RunDueAsync"/> calls must not overlap.
/// </summary>
public sealed class PeerOutlierDetector
{
    /// <summary>Names of the alerts it raises.</summary>
    public static IReadOnlyList<string> AlertNames { get; } = [.. PeerSignal.All.Select(signal => signal.AlertName)];

    private static readonly string LastReport = $"max by (job_name) (timestamp({PeerSignal.RankCompute.Expression}))";

    private readonly PeerOutlierOptions _options;
    private readonly DetectorQueries _queries;
    private readonly AlertLedger _ledger;
    private readonly Grid _grid;
    private readonly Dictionary<(string Alert, LabelSet Who), Suspect> _suspects = [];
    private Dictionary<string, double> _steps = new(StringComparer.Ordinal);
    private Dictionary<string, double> _reports = new(StringComparer.Ordinal);

    /// <summary>A detector that asks <paramref name="engine"/>.</summary>
    public PeerOutlierDetector(IQueryEngine engine, IAlertOutput output, PeerOutlierOptions options, ILogger<PeerOutlierDetector> logger)
    {
        _options = options;
        _queries = new DetectorQueries(engine, "peer_outlier", logger);
        _ledger = new AlertLedger(output, options.ResendDelay);
        _grid = new Grid(options.Interval);
    }

    /// <summary>Compares once per interval; a call between two grid times does nothing.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_grid.Due(now) is not { } at)
            return;
        var ranks = await _queries.VectorAsync(PeerSignal.RankCompute.Expression, at, cancellationToken);
        var steps = await _queries.VectorAsync(JobSteps.Number, at, cancellationToken);
        var reports = await _queries.VectorAsync(LastReport, at, cancellationToken);
        if (ranks is null || steps is null || reports is null)
            return;

        var still = Unchanged(steps, ref _steps);
        var silent = Unchanged(reports, ref _reports);
        silent.UnionWith(still);
        var byUuid = ByUuid(ranks);
        foreach (var signal in PeerSignal.All)
        {
            var elements = signal.IsPerRank ? ranks : await _queries.VectorAsync(signal.Expression, at, cancellationToken);
            if (elements is not null)
                Compare(signal, Members(signal, elements, byUuid), signal.IsPerRank ? silent : still, at);
        }

        Sweep(at);
    }

    // A job that reports no step at all is compared on every run; a job whose step stands still is not.
    private static HashSet<string> Unchanged(IReadOnlyList<SeriesSample> ofJobs, ref Dictionary<string, double> before)
    {
        var current = new Dictionary<string, double>(StringComparer.Ordinal);
        var unchanged = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in ofJobs)
        {
            var job = one.Labels["job_name"];
            current[job] = one.Sample.Value;
            if (before.TryGetValue(job, out var earlier) && earlier.Equals(one.Sample.Value))
                unchanged.Add(job);
        }

        before = current;
        return unchanged;
    }

    private static Dictionary<string, LabelSet> ByUuid(IReadOnlyList<SeriesSample> ranks)
    {
        var byUuid = new Dictionary<string, LabelSet>(StringComparer.Ordinal);
        foreach (var rank in ranks.Where(rank => rank.Labels.Has("UUID")))
            byUuid[rank.Labels["UUID"]] = Who(rank.Labels);
        return byUuid;
    }

    private static LabelSet Who(LabelSet labels) => labels.Keep("job_name", "rank", "node", "gpu", "UUID");

    private static SortedDictionary<string, List<Member>> Members(
        PeerSignal signal, IReadOnlyList<SeriesSample> elements, Dictionary<string, LabelSet> byUuid)
    {
        var jobs = new SortedDictionary<string, List<Member>>(StringComparer.Ordinal);
        foreach (var element in elements)
        {
            var who = signal.IsPerRank ? Who(element.Labels) : byUuid.GetValueOrDefault(element.Labels["UUID"]);
            if (who is null || !double.IsFinite(element.Sample.Value))
                continue;
            if (!jobs.TryGetValue(who["job_name"], out var members))
                jobs[who["job_name"]] = members = [];
            members.Add(new Member(who, element.Sample.Value));
        }

        return jobs;
    }

    private void Compare(PeerSignal signal, SortedDictionary<string, List<Member>> jobs, HashSet<string> still, DateTimeOffset at)
    {
        foreach (var (job, members) in jobs)
        {
            if (members.Count < _options.MinPeers)
                continue;
            var spread = RobustSpread.Of(members.Select(member => member.Value));
            if (spread.Median < signal.MinMedian || still.Contains(job))
            {
                KeepSeen(signal, members, at);
                continue;
            }

            var outliers = members.Where(member => IsOutlier(signal, member.Value, spread)).ToHashSet();
            var allowed = Math.Max(1, (int)(members.Count * _options.MaxOutlierRatio));
            foreach (var member in members.OrderBy(member => member.Who["rank"], StringComparer.Ordinal))
            {
                var isNamed = outliers.Contains(member) && outliers.Count <= allowed;
                Judge(new Comparison(signal, member, spread, members.Count), isNamed, outliers.Count > allowed, at);
            }
        }
    }

    private void KeepSeen(PeerSignal signal, List<Member> members, DateTimeOffset at)
    {
        foreach (var member in members)
        {
            if (_suspects.TryGetValue((signal.AlertName, member.Who), out var suspect))
                suspect.SeenAt = at;
        }
    }

    private bool IsOutlier(PeerSignal signal, double value, RobustSpread spread)
    {
        var ratio = Math.Max(_options.Ratio, signal.MinRatio);
        var distance = _options.Deviations * Math.Max(spread.Deviation, spread.Median * _options.DeviationFloorRatio);
        return signal.IsHighBad
            ? value > Math.Max(spread.Median * ratio, spread.Median + distance)
            : value < Math.Min(spread.Median / ratio, spread.Median - distance);
    }

    private void Judge(Comparison finding, bool isOutlier, bool isJobWide, DateTimeOffset at)
    {
        var key = (finding.Signal.AlertName, finding.Member.Who);
        if (!_suspects.TryGetValue(key, out var suspect))
        {
            if (!isOutlier)
                return;
            if (_suspects.Count >= _options.MaxSuspects)
            {
                AlertingMetrics.CountRefused("suspects");
                return;
            }

            _suspects[key] = suspect = new Suspect(LabelsOf(finding));
        }

        suspect.SeenAt = at;
        if (isOutlier)
            Accuse(suspect, finding, at);
        else if (isJobWide)
            suspect.Streak = 0;
        else
            Acquit(key, suspect, at);
    }

    private void Accuse(Suspect suspect, Comparison finding, DateTimeOffset at)
    {
        suspect.Streak++;
        suspect.Recovered = 0;
        if (suspect.Streak >= _options.ConsecutiveRuns || _ledger.IsFiring(suspect.Labels))
            _ledger.Fire(Describe(suspect, finding, at), at);
    }

    private void Acquit((string, LabelSet) key, Suspect suspect, DateTimeOffset at)
    {
        suspect.Streak = 0;
        suspect.Recovered++;
        if (_ledger.IsFiring(suspect.Labels) && suspect.Recovered < _options.RecoveredRuns)
            return;
        _ledger.Resolve(suspect.Labels, at);
        _suspects.Remove(key);
    }

    // A missing series is no recovery: an alert outlives it for a while, and is posted again meanwhile.
    private void Sweep(DateTimeOffset at)
    {
        foreach (var (key, suspect) in _suspects.ToArray())
        {
            if (at - suspect.SeenAt > _options.ForgetAfter)
            {
                _ledger.Resolve(suspect.Labels, at);
                _suspects.Remove(key);
            }
            else
            {
                _ledger.Renew(suspect.Labels, at);
            }
        }
    }

    private static LabelSet LabelsOf(Comparison finding)
    {
        var who = finding.Member.Who;
        var entity = finding.Signal.IsPerRank
            ? new EntityId(EntityKind.Rank, $"{who["job_name"]}/{who["rank"]}")
            : new EntityId(EntityKind.Gpu, who["UUID"]);
        return who.With(LabelSet.Of(
            (AlertLabel.Name, finding.Signal.AlertName),
            (AlertLabel.Severity, "warning"),
            (AlertLabel.FaultClass, FaultClass.Straggler),
            (AlertLabel.Role, AlertLabel.RoleSymptom),
            (AlertLabel.Entity, entity.ToString())));
    }

    private static Alert Describe(Suspect suspect, Comparison finding, DateTimeOffset at)
    {
        var (signal, member, spread, peers) = finding;
        var value = Print(member.Value, signal.Unit);
        var median = Print(spread.Median, signal.Unit);
        var change = GoFormat.Fixed(100 * ((member.Value / spread.Median) - 1), 1);
        var who = $"rank {member.Who["rank"]} of {member.Who["job_name"]} on {member.Who["node"]}/gpu{member.Who["gpu"]}";
        var text = $"{who}: {signal.Expression} is {value}, the median of {peers} peers is {median} ({change} %)";
        var selector = $"{signal.Expression}{{UUID=\"{member.Who["UUID"]}\"}}";
        return new Alert
        {
            Labels = suspect.Labels,
            State = AlertState.Firing,
            StartsAt = at,
            UpdatedAt = at,
            Origin = AlertOrigin.Detector,
            Annotations = LabelSet.Of(
                ("summary", $"{who} differs from its peers by {change} %"),
                ("description", text),
                ("runbook_url", "runbooks/training-slow.md")),
            Evidence =
            [
                new Evidence(EvidenceKind.Sample, text, selector, at) { Value = member.Value },
                new Evidence(
                    EvidenceKind.Counter,
                    $"its {peers - 1} peers lie around {median} with a median deviation of {Print(spread.Deviation, signal.Unit)}",
                    $"{signal.Expression}{(signal.IsPerRank ? $"{{job_name=\"{member.Who["job_name"]}\"}}" : "")}",
                    at)
                {
                    Value = spread.Median,
                },
            ],
        };
    }

    private static string Print(double value, string unit) => GoFormat.General(value, 4) + (unit.Length > 0 ? " " + unit : "");

    private readonly record struct Member(LabelSet Who, double Value);

    private sealed record Comparison(PeerSignal Signal, Member Member, RobustSpread Spread, int Peers);

    private sealed class Suspect(LabelSet labels)
    {
        public LabelSet Labels { get; } = labels;

        public int Streak { get; set; }

        public int Recovered { get; set; }

        public DateTimeOffset SeenAt { get; set; }
    }
}
