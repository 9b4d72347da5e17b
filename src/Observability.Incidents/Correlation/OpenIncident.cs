using Observability.Model;

namespace Observability.Incidents;

/// <summary>An incident that is still growing, with what new alerts are matched against.</summary>
internal sealed class OpenIncident
{
    public const int MaximumEntities = 64;

    private readonly Dictionary<ulong, JoinedAlert> _alerts = [];
    private int _holding;
    private int _standingEvents;
    private int _measuredDevices;

    public required Incident Incident { get; set; }

    /// <summary>All alerts that ever joined, with whether they fire and what they mean for the incident's end.</summary>
    public IReadOnlyDictionary<ulong, JoinedAlert> Alerts => _alerts;

    public HashSet<EntityId> Entities { get; } = [];

    public HashSet<EntityId> Nodes { get; } = [];

    public SortedSet<EntityId> Jobs { get; } = [];

    public HashSet<EntityId> Leaves { get; } = [];

    /// <summary>Nodes, jobs or monitors that a cause-role alert points at.</summary>
    public HashSet<EntityId> Causes { get; } = [];

    /// <summary>Alerts that fire.</summary>
    public int Firing { get; private set; }

    /// <summary>True while an alert fires whose condition is measured: it keeps the incident open.</summary>
    public bool IsHeldOpen => _holding > 0;

    /// <summary>True while an event's alert stands: nobody measures when an event is over, so it lingers for a while only.</summary>
    public bool HasStandingEvent => _standingEvents > 0;

    /// <summary>True while a device of it is measured to be ill.</summary>
    public bool HasIllDevice => _measuredDevices > 0;

    /// <summary>When an alert on a device last joined or ended; null where none has.</summary>
    public DateTimeOffset? LastDeviceChange { get; set; }

    public DateTimeOffset LastJoin { get; set; }

    public DateTimeOffset? QuietSince { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    public bool HasNews { get; set; }

    public bool HasCause => Causes.Count > 0;

    /// <summary>Keeps an alert; the counts follow, so that a storm costs no scans.</summary>
    public void Set(ulong key, JoinedAlert alert)
    {
        Count(_alerts.GetValueOrDefault(key), -1);
        Count(alert, 1);
        _alerts[key] = alert;
    }

    private void Count(JoinedAlert alert, int by)
    {
        if (!alert.Fires)
            return;
        Firing += by;
        _holding += alert.Holds ? by : 0;
        _standingEvents += alert.IsEvent ? by : 0;
        _measuredDevices += alert.IsMeasuredDevice ? by : 0;
    }
}
