using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Gathers alerts into incidents by node, leaf switch, job, causal direction and time. Two faults on different devices stay
/// apart even within one job; symptoms go to the incident whose fault explains them. An alert that connects two incidents
/// merges them where one has no cause of its own. What gathers is grouped once more before it is first judged, so that the
/// order in which alerts arrive until then does not matter.
/// </summary>
public sealed partial class Correlate : IStage<ScreenedAlert, IncidentChange>
{
    private readonly IncidentsOptions _options;
    private readonly TopologyView _topology;
    private readonly Relations _relations;
    private readonly Chorus _chorus;
    private readonly LeafPorts _leaves;
    private readonly Regrouping _regrouping;
    private readonly OpenIncidents _open = new();
    private readonly Dictionary<ulong, OpenIncident> _incidentOf = [];
    private readonly WaitingRemarks _remarks;
    private readonly WaitingRemarks _changes;
    private int _sequence;

    /// <summary>A stage without incidents.</summary>
    public Correlate(IncidentsOptions options, TopologyView topology)
    {
        (_options, _topology) = (options, topology);
        _leaves = new LeafPorts(options.CauseWindow);
        _relations = new Relations(options, topology, _leaves);
        _chorus = new Chorus(options, topology);
        _regrouping = new Regrouping(_relations, _chorus, _leaves);
        _remarks = new WaitingRemarks(options.CauseWindow);
        _changes = new WaitingRemarks(options.ChangeWindow);
    }

    /// <inheritdoc/>
    public string Name => "correlate";

    /// <summary>How many open incidents alerts have been compared with so far.</summary>
    internal long Compared => _open.Compared;

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
        if (_open.All.Any(open => open.SettledAt is null && IsSettled(open, now)))
        {
            changes.AddRange(Recall(now));
            if (Regroup(now) is { Count: > 0 } moved)
                changes.AddRange(moved.Concat(Recall(now)));
        }

        IReadOnlyList<JoinedAlert>? made = null;
        foreach (var open in _open.All.ToArray())
        {
            if (IsSettled(open, now))
            {
                // Now that it is known what belongs together.
                changes.AddRange(Attach(open, made ??= _changes.All(now), now));
                (open.SettledAt, open.HasNews) = (now, false);
                open.Update(now, incident => incident with { State = IncidentState.Open });
                changes.Add(new IncidentChange(open.Incident, IncidentChangeKind.Settled, now, "gathered long enough to be judged"));
            }

            if (open.QuietSince is { } quiet && now - quiet >= QuietNeeded(open))
                changes.Add(Resolve(open, quiet, now, "all its alerts have ended"));
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
        if (_open.Find(id) is not { } open)
            return [];
        open.Update(now, change);
        return [new IncidentChange(open.Incident, kind, now, reason)];
    }

    private List<IncidentChange> Join(ScreenedAlert item, DateTimeOffset now)
    {
        var joined = new JoinedAlert(item, Place.Of(item.Alert, _topology.Current, item.IsShadow), Fires: true);
        if (joined.IsChange)
        {
            _changes.Add(joined);
            return [.. _open.Near(joined.Place).Where(open => open.SettledAt is not null).OrderBy(open => open.Incident.Id, StringComparer.Ordinal).SelectMany(open => Attach(open, [joined], now))];
        }

        var changes = _chorus.Hear(joined, now).SelectMany(job => Gather(job, now)).ToList();
        joined = _chorus.Placed(joined);
        if (_leaves.Hear(joined) is { } leaf)
            changes.AddRange(GatherPorts(leaf, now));
        var matches = _relations.Of(joined, _open, now);
        if (matches.Count > 0)
            changes.AddRange(JoinBest(joined, matches, now));
        else if (joined.IsRemark)
            changes.AddRange(Remark(joined, now));
        else
            changes.AddRange(Begin(joined, now));
        return changes;
    }

    // A remark waits for something to bear it out; where another remark does, both are an incident, and somebody should look. Not where a link
    // is ill that their job uses: those who talk to it lose packets, too (facts/failures.md §6).
    private List<IncidentChange> Remark(JoinedAlert joined, DateTimeOffset now)
    {
        if (_remarks.WitnessOf(joined, now) is not { } witness || _open.Near(joined.Place).Any(open => open.IsOfLinks))
        {
            _remarks.Add(joined);
            return [];
        }

        _remarks.Remove(witness.Alert.Fingerprint);
        var open = Open(witness, now);
        open.Update(now, incident => incident with { Severity = "warning" });
        return
        [
            Add(open, witness, (IncidentChangeKind.Opened, $"{witness.Alert.Name}: borne out by {joined.Place.Entity?.Name}"), now),
            Add(open, joined, (IncidentChangeKind.AlertJoined, $"{joined.Alert.Name}: same leaf switch {joined.Place.Leaf?.Name}"), now),
        ];
    }

    // A fault of its own takes along what its device has said before, which went to another fault of the same node.
    private List<IncidentChange> Begin(JoinedAlert joined, DateTimeOffset now)
    {
        OpenIncident? home = Open(joined, now);
        var changes = new List<IncidentChange> { Add(home, joined, (IncidentChangeKind.Opened, $"{joined.Alert.Name}: opened by {joined.Alert.Name}"), now) };
        if (joined.Place is not { IsPart: true, IsCause: true })
            return changes;
        foreach (var from in _open.Near(joined.Place).Where(open => open != home && open.IsBeside(joined.Place, joined.Alert, _options.ApartOnNode)).ToArray())
        {
            var its = from.Alerts.Values.Where(one => one.Place.Entity == joined.Place.Entity).ToList();
            if (its.Count == 0 || !from.Alerts.Values.Except(its).Any(one => one.Widens))
                continue;
            _open.Remove(from);
            changes.AddRange(Move(from, its, ref home, "is of a fault of its own on the same node", now));
        }

        return changes;
    }

    private List<IncidentChange> JoinBest(JoinedAlert joined, IReadOnlyList<(OpenIncident Incident, string Reason)> matches, DateTimeOffset now)
    {
        var item = joined.Screened;
        var (open, reason) = matches[0];
        var changes = new List<IncidentChange> { Add(open, joined, (IncidentChangeKind.AlertJoined, $"{item.Alert.Name}: {reason}"), now) };
        if (joined.Place.IsCause || joined.Place.IsBudget || joined.IsShadow)
            return changes;
        foreach (var (other, why) in matches.Skip(1).Where(match => _relations.AreOneStory(open, match.Incident)).ToArray())
            changes.AddRange(Merge(open, other, $"{item.Alert.Name} connects them: {why}", now));
        return changes;
    }

    // Before what has gathered is judged: whatever was remarked shortly before belongs to it as if it had come after.
    private List<IncidentChange> Recall(DateTimeOffset now)
    {
        var changes = new List<IncidentChange>();
        foreach (var remark in _remarks.All(now))
        {
            if (_relations.Of(remark, _open, now) is not { Count: > 0 } matches)
                continue;
            _remarks.Remove(remark.Alert.Fingerprint);
            changes.AddRange(JoinBest(remark, matches, now));
        }

        return changes;
    }

    // A job that is stopped for its deployment and hangs afterwards is two incidents, and the deployment may be the reason for either.
    private List<IncidentChange> Attach(OpenIncident open, IEnumerable<JoinedAlert> made, DateTimeOffset now)
    {
        var changes = new List<IncidentChange>();
        foreach (var change in made)
        {
            if (!open.Alerts.ContainsKey(change.Alert.Fingerprint) && _relations.ChangedBefore(open, change) is { } reason)
                changes.Add(Add(open, change, (IncidentChangeKind.AlertJoined, $"{change.Alert.Name}: {reason}"), now));
        }

        return changes;
    }

    private OpenIncident Open(JoinedAlert joined, DateTimeOffset now)
    {
        var open = OpenIncident.Begin(string.Create(CultureInfo.InvariantCulture, $"INC-{++_sequence:000000}"), joined.Alert, now);
        _open.Add(open);
        return open;
    }

    private IncidentChange Add(OpenIncident open, JoinedAlert joined, (IncidentChangeKind Kind, string Reason) change, DateTimeOffset now)
    {
        _incidentOf[joined.Alert.Fingerprint] = open;
        open.Add(joined, now);
        if (joined.Widens)
            _open.Extend(open, joined.Place);
        open.Update(now, incident => !joined.Widens ? incident : incident with { Severity = Worse(incident.Severity, joined.Alert.Labels[AlertLabel.Severity]) });
        return new IncidentChange(open.Incident, change.Kind, now, change.Reason, joined.Screened);
    }

    private IncidentChange[] End(ScreenedAlert item, DateTimeOffset now)
    {
        _remarks.Remove(item.Alert.Fingerprint);
        if (item.Alert.IsChange)
            return EndChange(item, now);
        if (!_incidentOf.TryGetValue(item.Alert.Fingerprint, out var open) || open.End(item.Alert.Fingerprint, now) is null)
            return [];
        return [Ended(open, item, now)];
    }

    private IncidentChange[] EndChange(ScreenedAlert item, DateTimeOffset now)
    {
        _changes.Remove(item.Alert.Fingerprint);
        return [.. _open.All.Where(open => open.End(item.Alert.Fingerprint, now) is not null).Select(open => Ended(open, item, now))];
    }

    private static IncidentChange Ended(OpenIncident open, ScreenedAlert item, DateTimeOffset now)
    {
        open.Update(now, incident => incident);
        return new IncidentChange(open.Incident, IncidentChangeKind.AlertResolved, now, $"{item.Alert.Name} ended", item);
    }

    private bool IsSettled(OpenIncident open, DateTimeOffset now)
    {
        if (!open.HasNews)
            return false;
        if (open.SettledAt is { } before)
            return now - before >= _options.Reconsider;
        return now - open.Incident.OpenedAt >= (open.Causes.Count > 0 ? _options.SettleWithCause : _options.SettleWithoutCause);
    }

    // A fault that only an event tells of may show at its job as late as its job gives up.
    private TimeSpan QuietNeeded(OpenIncident open) => open.Health.HasUnhealedEvent ? _options.JoinWindow
        : open.HasStandingEvent ? _options.QuietAfterEvent
        : _options.QuietBeforeResolved;

    private IncidentChange Resolve(OpenIncident open, DateTimeOffset quiet, DateTimeOffset now, string reason)
    {
        _open.Remove(open);
        foreach (var key in open.Alerts.Keys)
            _incidentOf.Remove(key);
        open.Update(now, incident => incident with { State = IncidentState.Resolved, ResolvedAt = quiet });
        return new IncidentChange(open.Incident, IncidentChangeKind.Resolved, now, reason);
    }

    private static string Worse(string a, string b)
    {
        static int Rank(string severity) => severity switch { "critical" => 2, "warning" => 1, _ => 0 };
        return Rank(b) > Rank(a) ? b : a;
    }
}
