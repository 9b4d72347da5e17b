using Observability.Model;

namespace Observability.Incidents;

/// <summary>An incident that is still growing, with what new alerts are matched against.</summary>
internal sealed class OpenIncident
{
    // A storm is not sorted anew for each of its alerts: the first 64 stay.
    private const int MaximumEntities = 64;

    /// <summary>From this many nodes of one leaf on, the leaf itself is the cause that their ports share.</summary>
    public const int PortsForLeaf = 3;

    private readonly Dictionary<ulong, JoinedAlert> _alerts = [];
    private readonly Dictionary<EntityId, HashSet<EntityId>> _portsDown = [];
    private readonly HashSet<EntityId> _suspectParts = [];
    private readonly HashSet<string> _causeClasses = new(StringComparer.Ordinal);
    private bool _isOfWhole;
    private bool _isMoreThanRemarks;
    private bool _areRemarksBorneOut;
    private int _holding;
    private int _standingEvents;
    private int _jobStops;

    public required Incident Incident { get; set; }

    /// <summary>All alerts that ever joined, with whether they fire and what they mean for the incident's end.</summary>
    public IReadOnlyDictionary<ulong, JoinedAlert> Alerts => _alerts;

    /// <summary>Everything its alerts speak of.</summary>
    public HashSet<EntityId> Entities { get; } = [];

    /// <summary>The same without what only echoes a job's end.</summary>
    public HashSet<EntityId> Things { get; } = [];

    /// <summary>True where all that is known is that monitors are silent.</summary>
    public bool IsOnlySilence => Things.Count > 0 && Things.All(thing => thing.Kind == EntityKind.Monitor);

    public HashSet<EntityId> Nodes { get; } = [];

    public SortedSet<EntityId> Jobs { get; } = [];

    public HashSet<EntityId> Leaves { get; } = [];

    /// <summary>Shared storage that its jobs may be waiting for.</summary>
    public HashSet<EntityId> Storage { get; } = [];

    /// <summary>Jobs most of whose nodes say the same, as far as that was put down to this incident.</summary>
    public HashSet<EntityId> ChorusJobs { get; } = [];

    /// <summary>Nodes, jobs, switches or monitors that a cause-role alert points at.</summary>
    public HashSet<EntityId> Causes { get; } = [];

    /// <summary>When the first cause began; null where none has spoken.</summary>
    public DateTimeOffset? CauseAt { get; private set; }

    /// <summary>True where a cause can stop a job, not only slow it down.</summary>
    public bool CanStop { get; private set; }

    /// <summary>True where all its causes leave jobs alone: a row that waits to be remapped stops and slows nobody.</summary>
    public bool LeavesJobsAlone => Causes.Count > 0 && _causeClasses.All(LeavesJobAlone);

    /// <summary>Which devices are ill.</summary>
    public DeviceHealth Health { get; } = new();

    /// <summary>When the first that is wrong began; null where nothing is.</summary>
    public DateTimeOffset? FirstSignAt { get; private set; }

    /// <summary>Alerts that fire.</summary>
    public int Firing { get; private set; }

    /// <summary>When the first part began to look ill: a cause on it, or its link; null where none does.</summary>
    public DateTimeOffset? SuspectAt { get; private set; }

    /// <summary>When the first device that is more than remarked began to look ill; null where none does.</summary>
    public DateTimeOffset? DeviceAt { get; private set; }

    /// <summary>True while an alert fires whose condition is measured: it keeps the incident open. Of remarks alone it takes two that bear each other out.</summary>
    public bool IsHeldOpen => _holding > 0 || (!_isMoreThanRemarks && _areRemarksBorneOut && Firing > 0);

    /// <summary>True while an event's alert stands: nobody measures when an event is over, so it lingers for a while only.</summary>
    public bool HasStandingEvent => _standingEvents > 0;

    /// <summary>When an alert on a device last joined or ended; null where none has.</summary>
    public DateTimeOffset? LastDeviceChange { get; private set; }

    public DateTimeOffset LastJoin { get; private set; }

    public DateTimeOffset? QuietSince { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public bool HasNews { get; set; }

    /// <summary>True where a cause has spoken, or enough ports of one leaf have.</summary>
    public bool HasCause => Causes.Count > 0 || SharedLeaves.Count > 0;

    /// <summary>Leaf switches with so many ports down that the leaf is what they share.</summary>
    public HashSet<EntityId> SharedLeaves { get; } = [];

    /// <summary>An incident that an alert opens.</summary>
    public static OpenIncident Begin(string id, Alert alert, DateTimeOffset now) => new()
    {
        Incident = new Incident
        {
            Id = id,
            State = IncidentState.Gathering,
            StartedAt = alert.StartsAt < now ? alert.StartsAt : now,
            OpenedAt = now,
            UpdatedAt = now,
            Title = alert.Annotations.TryGet("summary", out var summary) ? summary : alert.Name,
            Severity = "info",
        },
    };

    /// <summary>
    /// True where a cause on a part of a node, or what the node is short of, is a fault of its own, although the incident is about another part
    /// of that node: it is of another kind and came too late to be the same blow. What one blow does to a node it does at once, or to the
    /// whole node. Nor is work that is announced the reason for what a device of the node had shown before.
    /// </summary>
    public bool IsBeside(Place place, Alert alert, TimeSpan apart) => place.IsCause && (alert.FaultClass == FaultClass.Maintenance
        ? !HasCause && DeviceAt is { } ill && alert.StartsAt - ill > apart
        : (place.IsPart || place.IsHost) && IsOfOtherPart(place.Entity) && !_causeClasses.Contains(alert.FaultClass) && SuspectAt is { } began && alert.StartsAt - began > apart);

    /// <summary>True where an adapter, its link or a leaf switch is ill.</summary>
    public bool IsOfLinks => SharedLeaves.Count > 0 || _suspectParts.Any(part => part.Kind == EntityKind.Nic);

    /// <summary>True where a node is short of something, which is a fault of its own whatever else its jobs suffer from.</summary>
    public bool IsOfShortage { get; private set; }

    /// <summary>True where everything that points at a device points at GPUs and NICs, and not at this entity.</summary>
    public bool IsOfOtherPart(EntityId? entity) => !_isOfWhole && _suspectParts.Count > 0 && entity is { } one && !_suspectParts.Contains(one);

    /// <summary>True for a class of fault that a job on the device does not notice.</summary>
    public static bool LeavesJobAlone(string faultClass) => faultClass == FaultClass.RowRemapPending;

    /// <summary>Takes an alert in; the counts follow, so that a storm costs no scans.</summary>
    public void Add(JoinedAlert joined, DateTimeOffset now)
    {
        var key = joined.Alert.Fingerprint;
        if (_alerts.Remove(key, out var before) && before.Fires)
            Count(before, -1);
        _alerts[key] = joined;
        if (joined.Fires)
            Count(joined, 1);
        // What is not trusted yet is listed here, and neither widens the incident nor keeps it open; a change does neither, and may change the verdict.
        HasNews |= joined.IsChange;
        if (!joined.Widens)
            return;
        FirstSignAt = Earlier(FirstSignAt, joined.Alert.StartsAt);
        Place(joined);
        if (joined.Place.IsDevice)
            LastDeviceChange = now;
        (LastJoin, HasNews) = (now, true);
        QuietSince = IsHeldOpen ? null : now;
    }

    /// <summary>An alert of it has ended. Null where it is not of it, or had ended before.</summary>
    public JoinedAlert? End(ulong key, DateTimeOffset now)
    {
        if (!_alerts.TryGetValue(key, out var joined) || !joined.Fires)
            return null;
        var wasIll = Health.IsAnyIll;
        Count(joined, -1);
        _alerts[key] = joined with { Fires = false };
        // The job runs again, so what stopped it is healed, replaced or left behind.
        if (joined.IsJobStop && _jobStops == 0 && Health.HasUnhealedEvent)
        {
            Health.Heal();
            LastDeviceChange = now;
        }

        // The last of them is well again: a node that boots ends what its log said.
        if (joined.IsMeasuredDevice || (wasIll && !Health.IsAnyIll))
            LastDeviceChange = now;
        if (!IsHeldOpen)
            QuietSince ??= now;
        return joined;
    }

    /// <summary>Puts what its alerts say into the incident that people see.</summary>
    public void Update(DateTimeOffset now, Func<Incident, Incident> change) => Incident = change(Incident) with
    {
        UpdatedAt = now,
        AlertCount = _alerts.Count,
        FiringCount = Firing,
        EntityCount = Entities.Count,
        Entities = Entities.Count == Incident.Entities.Length || Incident.Entities.Length == MaximumEntities ? Incident.Entities : [.. Entities.Order().Take(MaximumEntities)],
        Jobs = [.. Jobs],
    };

    private void Place(JoinedAlert joined)
    {
        var place = joined.Place;
        if (place.Entity is { } entity)
        {
            Entities.Add(entity);
            if (!place.IsEcho)
                Things.Add(entity);
        }

        if (place.Node is { } node)
            Nodes.Add(node);
        if (place.Leaf is { } leaf)
        {
            Leaves.Add(leaf);
            if (joined.Alert.FaultClass == FaultClass.LeafFlap)
                CountPort(leaf, place.Node ?? place.Entity!.Value);
        }

        Suspect(joined);

        Storage.UnionWith(place.Storage);
        Jobs.UnionWith(place.Jobs);
        if (place.IsOfJobAlone)
            ChorusJobs.UnionWith(place.Jobs);
        if (place.CauseKey is not { } cause)
            return;
        Causes.Add(cause);
        _causeClasses.Add(joined.Alert.FaultClass);
        if (place is { IsPart: false, IsMonitor: false, IsHost: false })
            _isOfWhole = true;
        CauseAt = Earlier(CauseAt, joined.Alert.StartsAt);
        CanStop |= joined.Alert.FaultClass is not (FaultClass.ThermalThrottle or FaultClass.PcieWidthLoss or FaultClass.PowerBrake);
    }

    // Whose part looks ill, and since when. A remark accuses nobody.
    private void Suspect(JoinedAlert joined)
    {
        if (joined.IsRemark)
            return;
        _isMoreThanRemarks = true;
        var (place, at) = (joined.Place, joined.Alert.StartsAt);
        if (place.IsDevice)
            DeviceAt = Earlier(DeviceAt, at);
        IsOfShortage |= place.IsHost;
        if (!place.IsPart || !(place.IsCause || joined.IsLinkTrouble))
            return;
        _suspectParts.Add(place.Entity!.Value);
        SuspectAt = Earlier(SuspectAt, at);
    }

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) => one < other ? one.Value : other;

    // By nodes, since all adapters of one node may hang on one leaf: then it is the node.
    private void CountPort(EntityId leaf, EntityId where)
    {
        if (!_portsDown.TryGetValue(leaf, out var places))
            _portsDown[leaf] = places = [];
        places.Add(where);
        _areRemarksBorneOut |= places.Count > 1;
        if (places.Count == PortsForLeaf)
            SharedLeaves.Add(leaf);
    }

    private void Count(JoinedAlert alert, int by)
    {
        Firing += by;
        _holding += alert.Holds ? by : 0;
        _standingEvents += alert.IsEvent ? by : 0;
        _jobStops += alert.IsJobStop ? by : 0;
        if (alert.Place.Entity is not { } device || !(alert.IsMeasuredDevice || alert.IsDeviceEvent))
            return;
        if (by > 0)
            Health.Begin(device, alert.IsMeasuredDevice);
        else
            Health.End(device, alert.IsMeasuredDevice, alert.Place.IsCause);
    }
}
