using Observability.Model;

namespace Observability.Incidents;

/// <summary>Lists who could have caused an incident, and measures each of them.</summary>
internal static class Candidates
{
    // Leaf switches count as candidates from this many of their NICs on.
    private const int NicsForLeaf = 3;
    private const int MaximumCandidates = 64;

    private static readonly string[] ByGravity =
        [FaultClass.GpuOffBus, FaultClass.EccUncontained, FaultClass.GspTimeout, FaultClass.NvlinkError, FaultClass.EccContained, FaultClass.RowRemapPending];

    public static IReadOnlyList<Candidate> Of(IReadOnlyCollection<Alert> alerts, Topology graph)
    {
        var context = new Context(alerts, graph);
        var found = new Dictionary<(EntityId, string), Candidate>();
        foreach (var alert in alerts.OrderBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint))
        {
            if (found.Count >= MaximumCandidates)
                break;
            if (DeviceOf(alert, graph) is { } entity)
                Add(found, context, entity, context.ClassAt(entity));
        }

        foreach (var leaf in context.Leaves())
            Add(found, context, leaf, FaultClass.LeafFlap);
        foreach (var job in context.Jobs)
            Add(found, context, job, context.ClassOfJob(job));
        return [.. found.Values];
    }

    private static void Add(Dictionary<(EntityId, string), Candidate> found, Context context, EntityId entity, string faultClass)
    {
        if (!found.ContainsKey((entity, faultClass)))
            found[(entity, faultClass)] = new Candidate(entity, faultClass, context.Measure(entity, faultClass), context.Supporting(entity));
    }

    // A rank's slowness is its GPU's, as far as devices go.
    private static EntityId? DeviceOf(Alert alert, Topology graph)
    {
        if (alert.Entity is not { } entity || entity.Kind == EntityKind.Job)
            return null;
        return entity.Kind == EntityKind.Rank ? graph.Out(entity, EdgeKind.RunsOn).Select(gpu => (EntityId?)gpu).FirstOrDefault() : entity;
    }

    private sealed class Context
    {
        private readonly IReadOnlyCollection<Alert> _alerts;
        private readonly Topology _graph;
        private readonly Dictionary<EntityId, List<Alert>> _at = [];
        private readonly DateTimeOffset _first;
        private readonly DateTimeOffset _last;
        private readonly bool _hasDeviceCause;

        public Context(IReadOnlyCollection<Alert> alerts, Topology graph)
        {
            (_alerts, _graph) = (alerts, graph);
            foreach (var alert in alerts)
            {
                if ((DeviceOf(alert, graph) ?? alert.Entity) is not { } entity)
                    continue;
                if (!_at.TryGetValue(entity, out var here))
                    _at[entity] = here = [];
                here.Add(alert);
            }

            _first = alerts.Count == 0 ? default : alerts.Min(alert => alert.StartsAt);
            _last = alerts.Count == 0 ? default : alerts.Max(alert => alert.StartsAt);
            _hasDeviceCause = alerts.Any(alert => IsCause(alert) && alert.Entity is { Kind: not EntityKind.Job });
            Jobs = [.. alerts.Where(alert => alert.Entity is not null).SelectMany(alert => graph.JobsOn(alert.Entity!.Value)).Distinct().Order()];
        }

        public IReadOnlyList<EntityId> Jobs { get; }

        public List<Alert> Supporting(EntityId entity) => entity.Kind == EntityKind.Switch
            ? [.. NicsOf(entity).SelectMany(nic => _at.GetValueOrDefault(nic) ?? [])]
            : _at.GetValueOrDefault(entity) ?? [];

        public IEnumerable<EntityId> Leaves() => _at.Keys.Where(entity => entity.Kind == EntityKind.Nic)
            .SelectMany(nic => _graph.Out(nic, EdgeKind.Connects)).GroupBy(leaf => leaf).Where(leaf => leaf.Count() >= NicsForLeaf)
            .Select(leaf => leaf.Key).Order();

        // What speaks loudest at a device: causes before symptoms, the worse before the milder, the earlier before the later.
        public string ClassAt(EntityId entity)
        {
            // Announced work explains whatever else the place shows.
            if ((_at.GetValueOrDefault(entity) ?? []).Exists(alert => alert.FaultClass == FaultClass.Maintenance))
                return FaultClass.Maintenance;
            var best = (_at.GetValueOrDefault(entity) ?? []).Where(alert => alert.FaultClass.Length > 0)
                .OrderByDescending(IsCause).ThenByDescending(Severity).ThenBy(Gravity).ThenBy(alert => alert.StartsAt).FirstOrDefault();
            var faultClass = best?.FaultClass ?? FaultClass.Unknown;
            // One port that goes down is the NIC's or its cable's matter; the switch is a candidate of its own.
            return faultClass == FaultClass.LeafFlap && entity.Kind == EntityKind.Nic ? FaultClass.SlowNic : faultClass;
        }

        public string ClassOfJob(EntityId job)
        {
            var here = _at.GetValueOrDefault(job) ?? [];
            if (here.Find(IsCause) is { } cause)
                return cause.FaultClass;
            if (Killed(job))
                return FaultClass.JobKilled;
            // A job that hung is ended by somebody sooner or later: what came first counts.
            var first = here.Where(alert => alert.FaultClass is FaultClass.UserCodeHang or FaultClass.JobKilled).OrderBy(alert => alert.StartsAt)
                .ThenBy(alert => alert.FaultClass == FaultClass.JobKilled).FirstOrDefault();
            return first?.FaultClass ?? (SoftwareErrors(job) ? FaultClass.UserCodeError : FaultClass.Straggler);
        }

        public CauseFeatures Measure(EntityId entity, string faultClass)
        {
            var here = Supporting(entity);
            var node = _graph.NodeOf(entity);
            var onset = here.Count == 0 ? _last : here.Min(alert => alert.StartsAt);
            var span = Math.Max(1, (_last - _first).TotalSeconds);
            return new CauseFeatures
            {
                Values =
                [
                    Math.Min(5, here.Count(IsCause)),
                    Math.Min(20, here.Count(alert => !IsCause(alert))),
                    Flag(here.Any(alert => alert.Origin == AlertOrigin.Event && alert.FaultClass == faultClass)),
                    here.Count == 0 ? 0 : here.Max(Severity),
                    (float)((onset - _first).TotalSeconds / span),
                    Share(alert => alert.Entity is { } other && Explains(entity, other)),
                    here.Count / (float)Math.Max(1, _alerts.Count),
                    PeersAffected(entity),
                    Flag(entity.Kind == EntityKind.Gpu),
                    Flag(entity.Kind == EntityKind.Nic),
                    Flag(entity.Kind == EntityKind.Node),
                    Flag(entity.Kind == EntityKind.Switch),
                    Flag(entity.Kind == EntityKind.Job),
                    Flag(entity.Kind == EntityKind.Monitor),
                    Flag(_alerts.Any(alert => IsCause(alert) && alert.Entity is { } other && other != entity && _graph.NodeOf(other) != node)),
                    Flag(faultClass == FaultClass.Maintenance),
                    entity.Kind == EntityKind.Job ? JobWide(entity, faultClass) : 0,
                    Walk(entity),
                ],
            };
        }

        // An earlier fault of the candidate would show at the other: on its node, below it, or in a job that needs it.
        private bool Explains(EntityId entity, EntityId other)
        {
            if (entity == other || _graph.Contains(entity, other))
                return true;
            if (entity.Kind == EntityKind.Job)
                return other.Kind is EntityKind.Job or EntityKind.Rank && _graph.JobsOn(other).Contains(entity);
            if (other.Kind is EntityKind.Job or EntityKind.Rank && entity.Kind != EntityKind.Monitor)
                return _graph.JobsOn(entity).Overlaps(_graph.JobsOn(other));
            return entity.Kind is not EntityKind.Monitor && _graph.NodeOf(entity) is { } node && _graph.NodeOf(other) == node;
        }

        // Of what shares the candidate's nature, how much suffers: all NICs of a leaf, or one of them.
        private float PeersAffected(EntityId entity)
        {
            if (entity.Kind == EntityKind.Switch)
                return Fraction(NicsOf(entity));
            if (entity.Kind == EntityKind.Nic)
                return Fraction(_graph.Out(entity, EdgeKind.Connects).SelectMany(NicsOf).Where(nic => nic != entity));
            return entity.Kind == EntityKind.Gpu && _graph.NodeOf(entity) is { } node
                ? Fraction(_graph.In(node, EdgeKind.PartOf).Where(part => part.Kind == EntityKind.Gpu && part != entity))
                : 0;
        }

        private float Fraction(IEnumerable<EntityId> entities)
        {
            var (all, affected) = (0, 0);
            foreach (var entity in entities)
            {
                all++;
                affected += _at.ContainsKey(entity) ? 1 : 0;
            }

            return all == 0 ? 0 : affected / (float)all;
        }

        private IEnumerable<EntityId> NicsOf(EntityId leaf) => _graph.In(leaf, EdgeKind.Connects).Where(nic => nic.Kind == EntityKind.Nic);

        // How much speaks for the job's own doing: nothing on any device, or the same on all of them.
        private float JobWide(EntityId job, string faultClass)
        {
            if (faultClass == FaultClass.JobKilled)
                return Killed(job) ? 2 : 1;
            return _hasDeviceCause ? 0 : 1;
        }

        private bool Killed(EntityId job) => OnMany(job, alert => alert.Labels["code"] == "xid:45");

        private bool SoftwareErrors(EntityId job) => OnMany(job, alert => alert.FaultClass == FaultClass.UserCodeError);

        private bool OnMany(EntityId job, Func<Alert, bool> which) => _alerts.Where(which)
            .Where(alert => alert.Entity is { } entity && _graph.JobsOn(entity).Contains(job)).Select(alert => alert.Entity).Distinct().Count() >= 4;

        private float Share(Func<Alert, bool> which) => _alerts.Count == 0 ? 0 : _alerts.Count(which) / (float)_alerts.Count;

        // One step of a random walk from the alerts towards what they depend on: an alert gives its weight in equal parts to
        // itself, its node and its jobs' devices that alert too.
        private float Walk(EntityId entity)
        {
            double weight = 0;
            foreach (var (other, alerts) in _at)
            {
                if (Explains(entity, other))
                    weight += alerts.Count / (1.0 + _at.Keys.Count(rival => rival != entity && Explains(rival, other)));
            }

            return (float)(weight / Math.Max(1, _alerts.Count));
        }

        // Of two faults that one device shows, the graver one is the fault and the other its beginning: 48 leads to 95.
        private static int Gravity(Alert alert) => Array.IndexOf(ByGravity, alert.FaultClass) is var place and >= 0 ? place : ByGravity.Length;

        private static bool IsCause(Alert alert) => alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause;

        private static float Severity(Alert alert) => alert.Labels[AlertLabel.Severity] switch { "critical" => 2, "warning" => 1, _ => 0 };

        private static float Flag(bool value) => value ? 1 : 0;
    }
}
