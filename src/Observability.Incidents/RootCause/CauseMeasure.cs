using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Measures what speaks for a candidate: order of onset, reach (what it explains), specificity (what its kind of fault does to
/// a job, and whether that is seen), rivals, and one step of a random walk from the alerts to who explains them.
/// </summary>
internal sealed class CauseMeasure
{
    private readonly Scene _scene;
    private readonly (Site Site, bool IsEcho, int Alerts)[] _seen;
    private readonly int[] _explainers;
    private readonly HashSet<EntityId> _causes;
    private readonly DateTimeOffset _first;
    private readonly double _span;
    private readonly Alert[] _ofJobs;

    public CauseMeasure(Scene scene, IReadOnlyCollection<EntityId> candidates)
    {
        _scene = scene;
        _seen = [.. scene.Alerts.Where(alert => scene.DeviceOf(alert) is not null).GroupBy(alert => (Device: scene.DeviceOf(alert)!.Value, IsEcho: Scene.IsEcho(alert)))
            .Select(group => (scene.SiteOf(group.Key.Device), group.Key.IsEcho, group.Count()))];
        Site[] sites = [.. candidates.Distinct().Select(scene.SiteOf)];
        _explainers = [.. _seen.Select(seen => sites.Count(site => site.Explains(seen.Site, seen.IsEcho)))];
        _causes = scene.Alerts.Where(alert => Scene.IsCause(alert) && alert.Entity is { Kind: not EntityKind.Job }).Select(alert => scene.DeviceOf(alert)!.Value).ToHashSet();
        _ofJobs = [.. scene.Alerts.Where(alert => alert.Entity is { Kind: EntityKind.Job })];
        _first = scene.Alerts.Count == 0 ? default : scene.Alerts[0].StartsAt;
        _span = scene.Alerts.Count == 0 ? 1 : Math.Max(1, (scene.Alerts[^1].StartsAt - _first).TotalSeconds);
    }

    /// <summary>The features of a candidate; see <see cref="CauseFeatures.Names"/>.</summary>
    public CauseFeatures Of(EntityId entity, string faultClass)
    {
        var here = _scene.Supporting(entity, faultClass);
        var site = _scene.SiteOf(entity);
        // A switch and storage show themselves at those who need them.
        var own = entity.Kind is EntityKind.Switch or EntityKind.Storage ? here : _scene.At(entity);
        var onset = own.Count == 0 ? null : (DateTimeOffset?)own.Min(alert => alert.StartsAt);
        return new CauseFeatures
        {
            Values =
            [
                Math.Min(5, own.Count(Scene.IsCause)),
                Math.Min(20, own.Count(alert => !Scene.IsCause(alert))),
                Flag(own.Any(alert => alert.Origin == AlertOrigin.Event && alert.FaultClass == faultClass)),
                own.Count == 0 ? 0 : own.Max(Scene.Severity),
                onset is { } at ? (float)((at - _first).TotalSeconds / _span) : 1,
                Reach(site),
                own.Count / (float)Math.Max(1, _scene.Alerts.Count),
                PeersAffected(entity),
                Flag(entity.Kind == EntityKind.Gpu),
                Flag(entity.Kind == EntityKind.Nic),
                Flag(entity.Kind == EntityKind.Node),
                Flag(entity.Kind == EntityKind.Switch),
                Flag(entity.Kind == EntityKind.Job),
                Flag(entity.Kind == EntityKind.Monitor),
                Math.Min(5, _causes.Count(other => other != entity && (_scene.SiteOf(other).Node ?? other) != (site.Node ?? entity))),
                Flag(faultClass == FaultClass.Maintenance),
                entity.Kind == EntityKind.Job ? JobWide(entity, faultClass) : 0,
                Walk(site),
                Math.Min(5, own.Count(alert => Scene.IsCause(alert) && alert.FaultClass == faultClass)),
                Lead(site, onset),
                Fit(site, faultClass),
                Math.Min(5, _scene.Jobs.Count(job => !site.Jobs.Contains(job) && _ofJobs.Any(alert => alert.Entity == job))),
                // Slow and nobody knows why, or no class at all: that is no answer.
                Flag(FaultClass.KindOf(faultClass) != VerdictKind.Unknown),
                Flag(entity.Kind == EntityKind.Storage),
            ],
        };
    }

    private float Reach(Site site) => _scene.Alerts.Count == 0 ? 0
        : _seen.Where(seen => site.Explains(seen.Site, seen.IsEcho)).Sum(seen => seen.Alerts) / (float)_scene.Alerts.Count;

    // An alert gives its weight in equal parts to all who would explain it.
    private float Walk(Site site)
    {
        double weight = 0;
        for (var i = 0; i < _seen.Length; i++)
        {
            if (site.Explains(_seen[i].Site, _seen[i].IsEcho))
                weight += _seen[i].Alerts / (double)Math.Max(1, _explainers[i]);
        }

        return (float)(weight / Math.Max(1, _scene.Alerts.Count));
    }

    // Seconds from the candidate's first sign to the first of a job that needs it. Above zero is the order of a cause.
    private float Lead(Site site, DateTimeOffset? onset)
    {
        var first = _ofJobs.FirstOrDefault(alert => alert.Entity != site.Entity && site.Jobs.Contains(alert.Entity!.Value));
        return onset is { } at && first is not null ? (float)Math.Clamp((first.StartsAt - at).TotalSeconds, -120, 120) : 0;
    }

    // Whether the candidate's jobs show what such a fault does to them: 1 it fits, 0 nothing is seen, -1 they show the opposite.
    private float Fit(Site site, string faultClass)
    {
        var ofMine = _ofJobs.Where(alert => site.Jobs.Contains(alert.Entity!.Value)).ToArray();
        var (halts, slows) = (ofMine.Any(alert => alert.FaultClass == FaultClass.UserCodeHang), ofMine.Any(alert => alert.FaultClass == FaultClass.Unknown));
        return FaultEffect.Of(faultClass) switch
        {
            JobEffect.Stops => halts ? 1 : slows ? -1 : 0,
            JobEffect.Slows => slows ? 1 : halts ? -1 : 0,
            JobEffect.None => halts || slows ? -1 : 0,
            _ => 0,
        };
    }

    // Of what shares the candidate's nature, how much suffers: all links of a leaf, or one of them; all jobs that use the storage.
    private float PeersAffected(EntityId entity) => entity.Kind switch
    {
        EntityKind.Switch => Fraction(_scene.NicsOf(entity), _scene.HasLinkTrouble),
        EntityKind.Nic => _scene.SiteOf(entity).Leaf is { } leaf ? Fraction(_scene.NicsOf(leaf).Where(nic => nic != entity), _scene.HasLinkTrouble) : 0,
        EntityKind.Storage => Fraction(_scene.SiteOf(entity).Jobs, _scene.WaitsForStorage),
        EntityKind.Gpu => Fraction(_scene.SiblingsOf(entity), sibling => _scene.At(sibling).Count > 0),
        _ => 0,
    };

    private static float Fraction(IEnumerable<EntityId> entities, Func<EntityId, bool> suffers)
    {
        var (all, affected) = (0, 0);
        foreach (var entity in entities)
        {
            all++;
            affected += suffers(entity) ? 1 : 0;
        }

        return all == 0 ? 0 : affected / (float)all;
    }

    // How much speaks for the job's own doing: nothing on any device, or the same on all of them.
    private float JobWide(EntityId job, string faultClass)
    {
        if (faultClass is FaultClass.JobKilled or FaultClass.UserCodeError)
            return _scene.IsEchoed(job) || _scene.HasSoftwareErrors(job) ? 2 : 1;
        return _causes.Count > 0 ? 0 : 1;
    }

    private static float Flag(bool value) => value ? 1 : 0;
}
