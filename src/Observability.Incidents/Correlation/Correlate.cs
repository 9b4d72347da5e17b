using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Gathers alerts into incidents by node, leaf switch, job, causal direction and time. Two faults on different devices stay
/// apart even within one job; symptoms go to the incident whose fault explains them. An alert that connects two
/// incidents without a cause of their own merges them.
/// </summary>
public sealed class Correlate(IncidentsOptions options, TopologyView topology) : IStage<ScreenedAlert, IncidentChange>
{
    private readonly SortedDictionary<string, OpenIncident> _open = new(StringComparer.Ordinal);
    private readonly Dictionary<ulong, string> _incidentOf = [];
    private int _sequence;

    /// <inheritdoc/>
    public string Name => "correlate";

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Transition.Kind == AlertTransitionKind.Resolved ? End(item, now) : Join(item, now);
    }

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Advance(DateTimeOffset now)
    {
        var changes = new List<IncidentChange>();
        foreach (var open in _open.Values.ToArray())
        {
            if (IsSettled(open, now))
            {
                (open.SettledAt, open.HasNews) = (now, false);
                Update(open, now, incident => incident with { State = IncidentState.Open });
                changes.Add(new IncidentChange(open.Incident, IncidentChangeKind.Settled, now, "gathered long enough to be judged"));
            }

            if (open.QuietSince is { } quiet && now - quiet >= (open.HasStandingEvent ? options.QuietAfterEvent : options.QuietBeforeResolved))
                changes.Add(Resolve(open, quiet, now));
        }

        return changes;
    }

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Accept(Command command, DateTimeOffset now)
    {
        var (id, kind, change, reason) = command switch
        {
            AcknowledgeIncident c => (c.IncidentId, IncidentChangeKind.Acknowledged, (Func<Incident, Incident>)(incident => incident with { AcknowledgedBy = c.Actor }), $"{c.Actor} acknowledged it through {c.Door}"),
            AssignIncident c => (c.IncidentId, IncidentChangeKind.Assigned, incident => incident with { Assignee = c.Assignee }, $"{c.Actor} gave it to {c.Assignee}"),
            AnnotateIncident c => (c.IncidentId, IncidentChangeKind.Annotated, incident => incident with { Notes = incident.Notes.Add(new IncidentNote(now, c.Actor, c.Text)) }, $"{c.Actor}: {c.Text}"),
            _ => ("", IncidentChangeKind.Annotated, incident => incident, ""),
        };
        if (!_open.TryGetValue(id, out var open))
            return [];
        Update(open, now, change);
        return [new IncidentChange(open.Incident, kind, now, reason)];
    }

    private List<IncidentChange> Join(ScreenedAlert item, DateTimeOffset now)
    {
        var changes = new List<IncidentChange>();
        var place = Place.Of(item.Alert, topology.Current);
        var matches = Matches(place, now);
        OpenIncident open;
        string reason;
        if (matches.Count == 0)
        {
            // A remark that nothing else bears out opens nothing; the alert stays visible in the list and in the digest.
            if (IsRemark(item.Alert))
                return changes;
            open = Open(item, now);
            reason = $"opened by {item.Alert.Name}";
            changes.Add(Add(open, item, place, (IncidentChangeKind.Opened, reason), now));
            return changes;
        }

        (open, reason) = matches[0];
        changes.Add(Add(open, item, place, (IncidentChangeKind.AlertJoined, reason), now));
        var mayMerge = !place.IsCause && !place.IsBudget;
        foreach (var (other, why) in matches.Skip(1).Where(match => mayMerge && AreOneStory(open, match.Incident)).ToArray())
            changes.AddRange(Merge(open, other, $"{item.Alert.Name} connects them: {why}", now));
        return changes;
    }

    private static bool IsRemark(Alert alert) => alert.Labels[AlertLabel.Severity] == "info"
        && alert.Labels[AlertLabel.Role] != AlertLabel.RoleCause && alert.Origin is AlertOrigin.Rule or AlertOrigin.Detector or AlertOrigin.Slo;

    // Best match first: the same thing, the same node, the same leaf switch, the same job. The order is the explanation.
    private List<(OpenIncident Incident, string Reason)> Matches(Place place, DateTimeOffset now)
    {
        var matches = new List<(OpenIncident Incident, string Reason, int Rank)>();
        foreach (var open in _open.Values)
        {
            if (now - open.LastJoin > options.JoinWindow && !open.IsHeldOpen)
                continue;
            if (Relation(open, place, now) is { } relation)
                matches.Add((open, relation.Reason, relation.Rank));
        }

        return [.. matches.OrderBy(match => match.Rank).ThenBy(match => match.Incident.Incident.Id, StringComparer.Ordinal).Select(match => (match.Incident, match.Reason))];
    }

    private (int Rank, string Reason)? Relation(OpenIncident open, Place place, DateTimeOffset now)
    {
        var graph = topology.Current;
        if (place.Entity is { } entity && open.Entities.Contains(entity) && entity.Kind != EntityKind.Job)
            return (0, $"same {graph.NameOf(entity)}");
        // Another monitor's silence, or announced work, is a story of its own unless it is the same node's.
        // One of many nodes of a wide incident says little about a fault that is new there.
        var isNarrow = open.Nodes.Count <= options.NarrowIncident || !place.IsCause;
        if (place.Node is { } node && open.Nodes.Contains(node) && isNarrow && (!place.IsCause || !open.HasCause || open.Causes.Contains(node)))
            return (1, $"same node {node.Name}");
        if (place.IsLink && place.Leaf is { } leaf && open.Leaves.Contains(leaf))
            return (2, $"same leaf switch {leaf.Name}");
        if (place.IsBudget)
            return (9, "burns a budget meanwhile");
        var job = place.IsMonitor ? default : place.Jobs.FirstOrDefault(open.Jobs.Contains);
        if (job == default)
            return null;
        // What a job shows belongs to the fault that stops or slows it. What another device shows is a story of its own,
        // unless the incident still lacks a cause and has only just begun.
        if (!place.IsCause && !place.IsDevice)
            return IsPast(open, now) ? null : (open.HasCause ? 3 : 4, $"same job {job.Name}");
        var isYoung = now - open.Incident.StartedAt <= options.CauseWindow;
        return open.HasCause || !isYoung ? null : (5, $"explains what job {job.Name} shows");
    }

    // Once the devices of an incident have been well for a while, what its job shows next has another reason.
    private bool IsPast(OpenIncident open, DateTimeOffset now) =>
        open.LastDeviceChange is { } last && !open.HasIllDevice && now - last > options.DeviceMemory;

    private bool AreOneStory(OpenIncident a, OpenIncident b) =>
        !a.HasCause && !b.HasCause && (a.Incident.StartedAt - b.Incident.StartedAt).Duration() <= options.MergeWindow;

    private OpenIncident Open(ScreenedAlert item, DateTimeOffset now)
    {
        var alert = item.Alert;
        var open = new OpenIncident
        {
            LastJoin = now,
            Incident = new Incident
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"INC-{++_sequence:000000}"),
                State = IncidentState.Gathering,
                StartedAt = alert.StartsAt < now ? alert.StartsAt : now,
                OpenedAt = now,
                UpdatedAt = now,
                Title = alert.Annotations.TryGet("summary", out var summary) ? summary : alert.Name,
                Severity = "info",
            },
        };
        _open[open.Incident.Id] = open;
        return open;
    }

    private IncidentChange Add(OpenIncident open, ScreenedAlert item, Place place, (IncidentChangeKind Kind, string Reason) change, DateTimeOffset now)
    {
        var key = item.Alert.Fingerprint;
        _incidentOf[key] = open.Incident.Id;
        open.Set(key, JoinedAlert.Of(item.Alert, place));
        if (place.IsDevice)
            open.LastDeviceChange = now;
        (open.LastJoin, open.HasNews) = (now, true);
        open.QuietSince = open.IsHeldOpen ? null : now;
        place.AddTo(open);
        Update(open, now, incident => incident with { Severity = Worse(incident.Severity, item.Alert.Labels[AlertLabel.Severity]) });
        return new IncidentChange(open.Incident, change.Kind, now, $"{item.Alert.Name}: {change.Reason}", item);
    }

    private IEnumerable<IncidentChange> End(ScreenedAlert item, DateTimeOffset now)
    {
        var key = item.Alert.Fingerprint;
        if (!_incidentOf.TryGetValue(key, out var id) || !_open.TryGetValue(id, out var open) || !open.Alerts.TryGetValue(key, out var joined) || !joined.Fires)
            return [];
        open.Set(key, joined with { Fires = false });
        if (joined.IsMeasuredDevice)
            open.LastDeviceChange = now;
        if (!open.IsHeldOpen)
            open.QuietSince ??= now;
        Update(open, now, incident => incident);
        return [new IncidentChange(open.Incident, IncidentChangeKind.AlertResolved, now, $"{item.Alert.Name} ended", item)];
    }

    private IEnumerable<IncidentChange> Merge(OpenIncident into, OpenIncident from, string reason, DateTimeOffset now)
    {
        foreach (var (key, alert) in from.Alerts)
        {
            _incidentOf[key] = into.Incident.Id;
            into.Set(key, alert);
        }

        into.Entities.UnionWith(from.Entities);
        into.Nodes.UnionWith(from.Nodes);
        into.Jobs.UnionWith(from.Jobs);
        into.Leaves.UnionWith(from.Leaves);
        into.Causes.UnionWith(from.Causes);
        into.HasNews = true;
        into.QuietSince = into.IsHeldOpen ? null : now;
        _open.Remove(from.Incident.Id);
        Update(into, now, incident => incident with { StartedAt = incident.StartedAt < from.Incident.StartedAt ? incident.StartedAt : from.Incident.StartedAt });
        var gone = from.Incident with { State = IncidentState.Merged, MergedInto = into.Incident.Id, UpdatedAt = now, FiringCount = 0 };
        return [new IncidentChange(gone, IncidentChangeKind.Merged, now, reason)];
    }

    private bool IsSettled(OpenIncident open, DateTimeOffset now)
    {
        if (!open.HasNews)
            return false;
        if (open.SettledAt is { } before)
            return now - before >= options.Reconsider;
        return now - open.Incident.OpenedAt >= (open.HasCause ? options.SettleWithCause : options.SettleWithoutCause);
    }

    private IncidentChange Resolve(OpenIncident open, DateTimeOffset quiet, DateTimeOffset now)
    {
        _open.Remove(open.Incident.Id);
        foreach (var key in open.Alerts.Keys)
            _incidentOf.Remove(key);
        Update(open, now, incident => incident with { State = IncidentState.Resolved, ResolvedAt = quiet });
        return new IncidentChange(open.Incident, IncidentChangeKind.Resolved, now, "all its alerts have ended");
    }

    private static void Update(OpenIncident open, DateTimeOffset now, Func<Incident, Incident> change) => open.Incident = change(open.Incident) with
    {
        UpdatedAt = now,
        AlertCount = open.Alerts.Count,
        FiringCount = open.Firing,
        EntityCount = open.Entities.Count,
        Entities = open.Entities.Count == open.Incident.Entities.Length ? open.Incident.Entities : [.. open.Entities.Order().Take(OpenIncident.MaximumEntities)],
        Jobs = [.. open.Jobs],
    };

    private static string Worse(string a, string b)
    {
        static int Rank(string severity) => severity switch { "critical" => 2, "warning" => 1, _ => 0 };
        return Rank(b) > Rank(a) ? b : a;
    }
}
