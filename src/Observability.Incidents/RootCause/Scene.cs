using Observability.Model;

namespace Observability.Incidents;

/// <summary>The alerts of an incident laid out over the topology, with every look-up done once.</summary>
internal sealed class Scene
{
    // The same on this many GPUs of a job is the job's own doing.
    private const int ManyGpus = 4;

    private readonly Topology _graph;
    private readonly Dictionary<EntityId, List<Alert>> _at = [];
    private readonly Dictionary<EntityId, Site> _sites = [];
    private readonly HashSet<EntityId> _echoed;
    private readonly HashSet<EntityId> _software;

    public Scene(IReadOnlyCollection<Alert> alerts, Topology graph)
    {
        _graph = graph;
        Alerts = [.. alerts.Where(alert => !alert.IsChange).OrderBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint)];
        Changes = MadeChange.Among(alerts);
        foreach (var alert in Alerts)
        {
            if (DeviceOf(alert) is not { } entity)
                continue;
            if (!_at.TryGetValue(entity, out var here))
                _at[entity] = here = [];
            here.Add(alert);
        }

        Jobs = [.. Devices.SelectMany(entity => SiteOf(entity).Jobs).Distinct().Order()];
        _echoed = JobsWith(IsEcho);
        _software = JobsWith(alert => alert.FaultClass == FaultClass.UserCodeError);
        _software.UnionWith(Alerts.Where(alert => alert is { Entity.Kind: EntityKind.Job, FaultClass: FaultClass.UserCodeError }).Select(alert => alert.Entity!.Value));
    }

    /// <summary>What is wrong, by the time it began.</summary>
    public IReadOnlyList<Alert> Alerts { get; }

    /// <summary>What was changed before anything was wrong, the latest first.</summary>
    public IReadOnlyList<MadeChange> Changes { get; }

    /// <summary>Everything that shows something.</summary>
    public IReadOnlyCollection<EntityId> Devices => _at.Keys;

    /// <summary>Jobs that need any of it.</summary>
    public IReadOnlyList<EntityId> Jobs { get; }

    public static bool IsCause(Alert alert) => alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause;

    public static float Severity(Alert alert) => alert.Labels[AlertLabel.Severity] switch { "critical" => 2, "warning" => 1, _ => 0 };

    /// <summary>True for what a job's end leaves on its GPUs: it says something of the job, nothing of them.</summary>
    public static bool IsEcho(Alert alert) => alert.FaultClass == FaultClass.JobKilled && !IsCause(alert) && alert.Entity is { Kind: not EntityKind.Job };

    /// <summary>What an alert is about, a rank's slowness being its GPU's as far as devices go.</summary>
    public EntityId? DeviceOf(Alert alert) => alert.Entity is { Kind: EntityKind.Rank } rank
        ? _graph.Out(rank, EdgeKind.RunsOn).Select(gpu => (EntityId?)gpu).FirstOrDefault() ?? rank
        : alert.Entity;

    /// <summary>Alerts at an entity, by the time they began.</summary>
    public IReadOnlyList<Alert> At(EntityId entity) => _at.TryGetValue(entity, out var here) ? here : [];

    /// <summary>Where an entity stands.</summary>
    public Site SiteOf(EntityId entity)
    {
        if (!_sites.TryGetValue(entity, out var site))
            _sites[entity] = site = Site.Of(entity, _graph);
        return site;
    }

    /// <summary>
    /// True for an adapter whose own link went down or loses packets. One that only waits for others tells of their links: the far end of one
    /// broken cable waits on every leaf it talks to.
    /// </summary>
    public bool HasLinkTrouble(EntityId entity) => entity.Kind == EntityKind.Nic && At(entity).Any(alert => alert.FaultClass == FaultClass.LeafFlap);

    /// <summary>True for an adapter whose link stays up and loses packets: what loses them may be at either end of the cable.</summary>
    public bool OnlyLosesPackets(EntityId entity) => HasLinkTrouble(entity) && At(entity).All(alert => alert.FaultClass != FaultClass.LeafFlap || Severity(alert) == 0);

    /// <summary>True for a job that stands still and waits for storage.</summary>
    public bool WaitsForStorage(EntityId job) => job.Kind == EntityKind.Job && At(job).Any(alert => alert.FaultClass == FaultClass.StorageStall);

    /// <summary>Shared storage that several jobs which wait for storage have in common.</summary>
    public IEnumerable<EntityId> SharedStorage() => Jobs.Where(WaitsForStorage).SelectMany(_graph.StorageOf).GroupBy(storage => storage)
        .Where(storage => storage.Count() > 1).Select(storage => storage.Key).Order();

    /// <summary>NICs on a leaf switch.</summary>
    public IEnumerable<EntityId> NicsOf(EntityId leaf) => _graph.In(leaf, EdgeKind.Connects).Where(nic => nic.Kind == EntityKind.Nic);

    /// <summary>Parts of a node of one kind.</summary>
    public IEnumerable<EntityId> PartsOf(EntityId node, EntityKind kind) => _graph.In(node, EdgeKind.PartOf).Where(part => part.Kind == kind);

    /// <summary>Other parts of the same kind on the same node.</summary>
    public IEnumerable<EntityId> SiblingsOf(EntityId part) => SiteOf(part).Node is { } node
        ? PartsOf(node, part.Kind).Where(other => other != part)
        : [];

    /// <summary>GPUs that a job runs on.</summary>
    public IEnumerable<EntityId> GpusOf(EntityId job) => _graph.In(job, EdgeKind.MemberOf).SelectMany(rank => _graph.Out(rank, EdgeKind.RunsOn));

    /// <summary>True where many GPUs of the job echo its end.</summary>
    public bool IsEchoed(EntityId job) => _echoed.Contains(job);

    /// <summary>True where many GPUs of the job report errors of the application, or the job itself writes of one.</summary>
    public bool HasSoftwareErrors(EntityId job) => _software.Contains(job);

    /// <summary>Alerts that speak for an entity being the cause by such a fault; never empty where any alert is near it.</summary>
    public IReadOnlyList<Alert> Supporting(EntityId entity, string faultClass)
    {
        var site = SiteOf(entity);
        IEnumerable<Alert> found = entity.Kind switch
        {
            EntityKind.Switch => At(entity).Concat(Alerts.Where(alert => alert.Entity is { Kind: EntityKind.Nic } nic && SiteOf(nic).Leaf == entity)),
            EntityKind.Storage => At(entity).Concat(Alerts.Where(alert => alert is { Entity: { Kind: EntityKind.Job } job, FaultClass: FaultClass.StorageStall } && site.Jobs.Contains(job))),
            EntityKind.Job => At(entity).Concat(Alerts.Where(alert => IsOf(entity, faultClass, alert))),
            EntityKind.Node when faultClass == FaultClass.BadChange => At(entity).Concat(PartsOf(entity, EntityKind.Gpu).SelectMany(At)),
            _ => At(entity),
        };
        if (faultClass == FaultClass.BadChange && Changes.FirstOrDefault(change => change.At == entity) is { } made)
            found = found.Prepend(made.Alert);
        Alert[] supporting = [.. found];
        return supporting.Length > 0 ? supporting
            : [.. Alerts.Where(alert => DeviceOf(alert) is { } device && site.Explains(SiteOf(device), IsEcho(alert)))];
    }

    private bool IsOf(EntityId job, string faultClass, Alert alert) => alert.Entity is { Kind: not EntityKind.Job } && DeviceOf(alert) is { } device
        && SiteOf(device).Jobs.Contains(job)
        && faultClass switch
        {
            FaultClass.JobKilled => IsEcho(alert),
            FaultClass.UserCodeError or FaultClass.Straggler => alert.FaultClass == faultClass,
            FaultClass.BadChange => IsEcho(alert) || alert.FaultClass is FaultClass.UserCodeError or FaultClass.Straggler,
            _ => false,
        };

    private HashSet<EntityId> JobsWith(Func<Alert, bool> which) => Alerts.Where(which)
        .Select(DeviceOf).OfType<EntityId>().Where(entity => entity.Kind != EntityKind.Job).Distinct()
        .SelectMany(entity => SiteOf(entity).Jobs).GroupBy(job => job).Where(job => job.Count() >= ManyGpus).Select(job => job.Key).ToHashSet();
}
