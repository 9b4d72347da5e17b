using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Compares the incidents of an answer with what is true of its case. A sign counts for a fault where it lies on the fault's entity or on what
/// hangs on it; a sign on a GPU that has none, for a fault of the job that runs there; a sign of a job that suffers, for the fault that began last before it. Signs count from onset until three minutes after
/// the end, which is how long a job takes to come back.
/// </summary>
internal sealed class BundleJudge(BundleLabels labels, IReadOnlyList<ToldIncident> incidents)
{
    /// <summary>Confidence of a hardware verdict from which a cordon needs no yes; the default of the configuration.</summary>
    public static readonly double Unattended = new ResponseOptionsSection().MinimumConfidence;

    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(3);

    private readonly (LabelledFault Fault, HashSet<EntityId> Scope)[] _faults = [.. labels.Faults.Select(fault => (fault, labels.ScopeOf(fault)))];
    private readonly (LabelledFault Fault, HashSet<EntityId> Scope)[] _negatives = [.. labels.Negatives.Select(fault => (fault, labels.ScopeOf(fault)))];

    /// <summary>Scores the case; a whole run falls into its faults and into each other incident, so that they may be drawn.</summary>
    public IEnumerable<ScoredCase> Score(int alerts)
    {
        var credits = incidents.Select(incident => (Incident: incident, Signs: Credits(incident))).ToArray();
        var faults = _faults.Select(one => Score(one.Fault, credits)).ToArray();
        var scored = credits.Select(one => Score(one.Incident, one.Signs)).ToArray();
        var negatives = _negatives.Select(one => Negative(one, credits, scored)).ToArray();
        var cordons = incidents.SelectMany(incident => incident.Cordons).Where(cordon => cordon.Confidence >= Unattended)
            .Select(cordon => _faults.Any(one => one.Fault.Nodes.Contains(cordon.Node) && cordon.At >= one.Fault.At)).ToArray();
        var all = new ScoredCase
        {
            Faults = faults,
            Incidents = scored,
            Negatives = negatives,
            Alerts = alerts,
            GpuDays = labels.GpuDays,
            Cordons = (cordons.Count(isRight => !isRight), cordons.Length),
        };
        return labels.IsEpisode ? [all] : Parts(all, credits, scored);
    }

    private static IEnumerable<ScoredCase> Parts(
        ScoredCase all, (ToldIncident Incident, Dictionary<LabelledFault, DateTimeOffset> Signs)[] credits, ScoredIncident[] scored)
    {
        var taken = new HashSet<int>();
        var parts = new List<ScoredCase>();
        foreach (var fault in all.Faults)
        {
            int[] its = [.. Enumerable.Range(0, credits.Length).Where(i => credits[i].Signs.ContainsKey(fault.Fault) && taken.Add(i))];
            parts.Add(new ScoredCase { Faults = [fault], Incidents = [.. its.Select(i => scored[i])] });
        }

        parts.AddRange(Enumerable.Range(0, credits.Length).Where(i => !taken.Contains(i)).Select(i => new ScoredCase { Incidents = [scored[i]] }));
        parts.AddRange(all.Negatives.Select(negative => new ScoredCase { Negatives = [negative] }));
        // What belongs to nobody is spread evenly, but for counts: they stay whole with the first.
        return parts.Count == 0 ? [all] : parts.Select((part, i) => part with
        {
            GpuDays = all.GpuDays / parts.Count,
            Alerts = i == 0 ? all.Alerts : 0,
            Cordons = i == 0 ? all.Cordons : default,
        });
    }

    // Of which faults an incident speaks, and since when.
    private Dictionary<LabelledFault, DateTimeOffset> Credits(ToldIncident incident)
    {
        var credits = new Dictionary<LabelledFault, DateTimeOffset>();
        foreach (var sign in incident.Signs)
        {
            foreach (var fault in SpokenOf(sign))
            {
                if (!credits.TryGetValue(fault, out var before) || sign.At < before)
                    credits[fault] = sign.At;
            }
        }

        return credits;
    }

    private IEnumerable<LabelledFault> SpokenOf(ToldSign sign)
    {
        var active = _faults.Where(one => IsDuring(one.Fault, sign.At)).ToArray();
        var direct = active.Where(one => one.Scope.Contains(sign.Id)).Select(one => one.Fault).ToArray();
        if (sign.Id.Kind == EntityKind.Gpu && direct.Length == 0)
            return OfItsJobs(sign.Id, active.Select(one => one.Fault));
        if (sign.Id.Kind is not (EntityKind.Job or EntityKind.Rank))
            return direct;
        var job = JobOf(sign.Id);
        var last = active.Where(one => one.Fault.Jobs.Contains(job)).OrderByDescending(one => one.Fault.At).Select(one => one.Fault).Take(1);
        return direct.Concat(last).Distinct();
    }

    // What a job does to itself shows on the GPUs of all its ranks, such as the illegal access of its code; unless the GPU has a fault of its own.
    private IEnumerable<LabelledFault> OfItsJobs(EntityId gpu, IEnumerable<LabelledFault> active)
    {
        var jobs = labels.Below[gpu].Where(user => user.Kind == EntityKind.Rank).Select(JobOf).ToHashSet(StringComparer.Ordinal);
        return active.Where(fault => fault.Entity.Kind == EntityKind.Job && jobs.Contains(fault.Entity.Name));
    }

    private static string JobOf(EntityId one) => one.Kind == EntityKind.Job ? one.Name : one.Name[..Math.Max(0, one.Name.LastIndexOf('/'))];

    private static bool IsDuring(LabelledFault fault, DateTimeOffset at) => at >= fault.At - Early && at <= fault.EndsAt + Late;

    private static ScoredFault Score(LabelledFault fault, (ToldIncident Incident, Dictionary<LabelledFault, DateTimeOffset> Signs)[] credits)
    {
        var its = credits.Where(one => one.Signs.ContainsKey(fault)).ToArray();
        if (its.Length == 0)
            return new ScoredFault(fault);
        var best = its.OrderByDescending(one => one.Incident.IsRight(fault)).ThenByDescending(one => one.Incident.Names(fault, 1))
            .ThenByDescending(one => one.Incident.Names(fault, 3)).ThenBy(one => one.Signs[fault]).First().Incident;
        var named = its.SelectMany(one => one.Incident.Verdicts)
            .Where(verdict => verdict.Entity is { } entity && fault.Entities.Contains(entity) && verdict.At >= fault.At).Select(verdict => verdict.At).ToArray();
        return new ScoredFault(fault)
        {
            Delay = Since(fault, its.Min(one => one.Signs[fault])),
            VerdictDelay = named.Length == 0 ? null : Since(fault, named.Min()),
            IsFirst = best.Names(fault, 1),
            IsInThree = best.Names(fault, 3),
            IsRight = best.IsRight(fault),
            Abstains = best.Abstains,
        };
    }

    private static double Since(LabelledFault fault, DateTimeOffset at) => Math.Max(0, (at - fault.VisibleAt).TotalSeconds);

    private ScoredIncident Score(ToldIncident incident, Dictionary<LabelledFault, DateTimeOffset> signs)
    {
        var blamed = incident.BlamesHardware ? incident.Verdict!.Entity : null;
        var isBlameless = blamed is { } entity && !_faults.Any(one => one.Scope.Contains(entity) && one.Fault.At - Early <= incident.Signs.Select(sign => sign.At).DefaultIfEmpty(incident.Opened).Max());
        var worth = signs.Count > 0 ? (isBlameless ? IncidentWorth.WrongBlame : IncidentWorth.OfFault)
            // A budget burns by the sum of what was, long before the case began.
            : incident is { BlamesHardware: false, Signs.Length: > 0 } && incident.Signs.All(sign => sign.Id.Kind == EntityKind.Service) ? IncidentWorth.Harmless
            : _negatives.Any(one => Touches(one, incident)) ? (incident.BlamesHardware ? IncidentWorth.NegativeBlamed : IncidentWorth.Harmless)
            : IncidentWorth.OfNothing;
        return new ScoredIncident(
            worth, incident.Ranking.Length > 0 ? incident.Verdict?.Confidence : null, signs.Keys.Any(incident.IsRight), !incident.Abstains);
    }

    private static (string Kind, int Incidents, bool IsBlamed) Negative(
        (LabelledFault Fault, HashSet<EntityId> Scope) one,
        (ToldIncident Incident, Dictionary<LabelledFault, DateTimeOffset> Signs)[] credits,
        ScoredIncident[] scored)
    {
        int[] its = [.. Enumerable.Range(0, credits.Length).Where(i => credits[i].Signs.Count == 0 && Touches(one, credits[i].Incident))];
        return (one.Fault.Kind, its.Length, its.Any(i => scored[i].Worth == IncidentWorth.NegativeBlamed));
    }

    private static bool Touches((LabelledFault Fault, HashSet<EntityId> Scope) one, ToldIncident incident) => incident.Signs.Any(sign => IsDuring(one.Fault, sign.At)
        && (one.Fault.IsEverywhere || one.Scope.Contains(sign.Id)
            || one.Fault.Jobs.Any(job => sign.Id == new EntityId(EntityKind.Job, job) || sign.Id.Name.StartsWith(job + "/", StringComparison.Ordinal))));
}
