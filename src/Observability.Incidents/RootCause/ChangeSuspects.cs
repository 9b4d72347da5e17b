using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Weighs what was changed before the first sign against whoever is suspected otherwise. A change takes its share of the probability of those whose
/// trouble it would explain: a job's own failures and slowness, or whatever many GPUs of one node show. What it cannot explain, one broken GPU for
/// example, keeps all of its own. The share is odds / (1 + odds), where the odds are those of trouble by a change to trouble by itself,
/// <c>p / (1 - p) · f(t) / r</c>: <c>p</c> the share of such trouble that comes of changes, <c>f(t)</c> how likely that shows t minutes after the change
/// (1/min), and <c>r</c> how often anything is changed there anyway (1/min).
/// </summary>
internal static class ChangeSuspects
{
    // facts/failures.md §3, ByteRobust: changes of code and data, 17.3 % of 55,366 incidents.
    private const double OfFailures = 0.173;

    // Most slowness is the work itself, the network or a device (facts/failures.md §9, fail-slow): assumed.
    private const double OfSlowness = 0.05;

    // facts/failures.md §2, Aegis: 73 % of the tasks that fail do so within ten minutes of their start.
    private const double Soon = 0.73;
    private const double SoonMinutes = 10;

    // facts/failures.md §9: one push of code a day. That a node gets another driver, firmware or kernel once a quarter is assumed.
    private const double JobChangesPerMinute = 1 / 1_440.0;
    private const double NodeChangesPerMinute = 1 / (90 * 1_440.0);

    // One GPU that fails is that GPU; so many at once have something in common.
    private const int ManyGpus = 3;

    // A change that explains less than this is told as a line of evidence, not as a suspect.
    private const double Least = 0.001;

    /// <summary>Probabilities of all suspects, changes among them. They sum to 1 at most, and a change that explains nothing gets nothing.</summary>
    /// <param name="scene">The incident.</param>
    /// <param name="suspects">Who is suspected otherwise, with score and probability.</param>
    /// <param name="window">How long a change is remembered.</param>
    public static IReadOnlyList<Suspect> Weigh(Scene scene, IReadOnlyList<Suspect> suspects, TimeSpan window)
    {
        if (scene.Changes.Count == 0)
            return suspects;
        var left = suspects.ToArray();
        var nobody = Math.Max(0, 1 - left.Sum(suspect => suspect.Probability));
        var found = new List<Suspect>();
        // What was changed last comes first: what it explains needs no earlier one, and at one place the last is what is in place.
        foreach (var change in scene.Changes.DistinctBy(change => change.At))
        {
            var (changed, minutes) = (change.At, change.Before.TotalMinutes);
            var takes = ShareOf(Explains(scene, changed, null), changed, minutes, window);
            var (explained, score) = (nobody * takes, takes > 0 ? 0.0 : double.NegativeInfinity);
            nobody -= explained;
            for (var i = 0; i < left.Length; i++)
            {
                takes = ShareOf(Explains(scene, changed, left[i].Candidate), changed, minutes, window);
                if (takes == 0)
                    continue;
                explained += takes * left[i].Probability;
                score = Math.Max(score, left[i].Score);
                left[i] = left[i] with { Probability = left[i].Probability * (1 - takes) };
            }

            if (explained >= Least)
                found.Add(new Suspect(new Candidate(changed, FaultClass.BadChange, new CauseFeatures(), scene.Supporting(changed, FaultClass.BadChange)) { Change = change }, score, explained));
        }

        return [.. left, .. found];
    }

    private static double ShareOf(double byChanges, EntityId changed, double minutes, TimeSpan window)
    {
        if (byChanges == 0)
            return 0;
        var density = minutes < SoonMinutes ? Soon / SoonMinutes : (1 - Soon) / Math.Max(1, window.TotalMinutes - SoonMinutes);
        var odds = byChanges / (1 - byChanges) * density / (changed.Kind == EntityKind.Job ? JobChangesPerMinute : NodeChangesPerMinute);
        return odds / (1 + odds);
    }

    // The share of trouble such as this that comes of changes; 0 where this change explains none of it. Null stands for "none of these".
    private static double Explains(Scene scene, EntityId changed, Candidate? instead) => changed.Kind switch
    {
        EntityKind.Job => instead is null || instead.Entity == changed ? OfJob(scene, changed, instead?.FaultClass) : 0,
        EntityKind.Node or EntityKind.Gpu or EntityKind.Nic => scene.SiteOf(changed).Node is { } node ? OfNode(scene, node, instead) : 0,
        _ => 0,
    };

    // A job that is stopped for its deployment is no trouble; what it shows when it has started again is.
    private static double OfJob(Scene scene, EntityId job, string? faultClass)
    {
        if (faultClass is FaultClass.StorageStall or FaultClass.Maintenance)
            return 0;
        var here = scene.At(job);
        if (scene.HasSoftwareErrors(job) || here.Any(alert => alert.FaultClass is FaultClass.UserCodeHang or FaultClass.UserCodeError))
            return OfFailures;
        return here.Any(alert => alert.FaultClass != FaultClass.JobKilled) ? OfSlowness : 0;
    }

    private static double OfNode(Scene scene, EntityId node, Candidate? instead)
    {
        var isOfNode = instead is null || instead.Entity == node || (instead.Entity.Kind == EntityKind.Gpu && scene.SiteOf(instead.Entity).Node == node);
        if (!isOfNode || instead?.FaultClass == FaultClass.Maintenance)
            return 0;
        if (scene.PartsOf(node, EntityKind.Gpu).Count(gpu => scene.At(gpu).Any(alert => !Scene.IsEcho(alert))) >= ManyGpus)
            return OfFailures;
        return instead?.Entity == node && FaultClass.KindOf(instead.FaultClass) != VerdictKind.Hardware ? OfSlowness : 0;
    }
}
