using Observability.Model;

namespace Observability.Incidents;

/// <content>How alerts go from one incident to another, and what is journaled of it.</content>
public sealed partial class Correlate
{
    // What a job's nodes said one by one before it was known to be the job's goes where the job's symptoms go, or becomes one incident.
    // An incident with a cause of its own keeps what its devices say.
    private List<IncidentChange> Gather(EntityId job, DateTimeOffset now)
    {
        var sung = _open.All.Where(open => open.Jobs.Contains(job) && !open.HasCause)
            .Select(open => (Open: open, Alerts: Sung(open)))
            .Where(one => one.Alerts.Count > 0).OrderBy(one => one.Alerts.Count < one.Open.Alerts.Count).ToList();
        if (sung.Count == 0)
            return [];
        foreach (var (open, _) in sung)
            _open.Remove(open);
        var first = _chorus.Placed(sung[0].Alerts[0]);
        var home = _relations.Of(first, _open, now).Select(match => match.Incident).FirstOrDefault(open => open.HasCause || open.Entities.Contains(job));
        if (home is null && sung[0].Alerts.Count == sung[0].Open.Alerts.Count)
        {
            home = Rebuild(sung[0].Open, sung[0].Alerts, now);
            sung.RemoveAt(0);
        }

        var changes = new List<IncidentChange>();
        foreach (var (open, alerts) in sung)
            changes.AddRange(Move(open, alerts, ref home, "most nodes of its job say the same", now));
        return changes;
    }

    // What ports of a leaf switch said before it was known to be the leaf's, and went to incidents of their nodes: where such an incident was judged
    // already nothing else would take them out of it, and the node would be cordoned for its switch.
    private List<IncidentChange> GatherPorts(EntityId leaf, DateTimeOffset now)
    {
        bool IsOther(JoinedAlert joined) => !joined.IsShadow && joined.Place.Leaf != leaf && (joined.Place.IsDevice || joined.Place.IsMonitor);
        var touched = _open.All.Where(open => open.Leaves.Contains(leaf) && !open.SharedLeaves.Contains(leaf)).ToList();
        var mixed = touched.Where(open => open.Alerts.Values.Any(IsOther)).ToList();
        var home = touched.Except(mixed).FirstOrDefault(open => !open.HasCause);
        var changes = new List<IncidentChange>();
        foreach (var open in mixed)
        {
            var ports = open.Alerts.Values.Where(joined => joined.IsLinkTrouble && joined.Place.Leaf == leaf).ToList();
            if (ports.Count == 0)
                continue;
            _open.Remove(open);
            changes.AddRange(Move(open, ports, ref home, $"many nodes on leaf switch {leaf.Name} say the same", now));
        }

        return changes;
    }

    // What is in shadow, and a change, goes where all the rest of its incident goes: by itself it holds none together.
    private List<JoinedAlert> Sung(OpenIncident open)
    {
        var sung = open.Alerts.Values.Where(joined => !joined.Place.IsOfJobAlone && _chorus.IsSung(joined)).ToList();
        if (sung.Count > 0 && sung.Count == open.Alerts.Values.Count(joined => joined.Widens))
            sung.AddRange(open.Alerts.Values.Where(joined => !joined.Widens));
        return sung;
    }

    // The alerts go to the home, which the first of them opens where there is none; what is left stays, and where nothing is left the incident is gone.
    private List<IncidentChange> Move(OpenIncident from, List<JoinedAlert> alerts, ref OpenIncident? home, string why, DateTimeOffset now)
    {
        var changes = new List<IncidentChange>();
        foreach (var joined in alerts)
        {
            var kind = home is null ? IncidentChangeKind.Opened : IncidentChangeKind.AlertJoined;
            changes.Add(Add(home ??= Open(joined, now), _chorus.Placed(joined), (kind, $"{joined.Alert.Name}: {why}"), now));
        }

        var to = home!;
        var rest = from.Alerts.Values.Except(alerts).ToList();
        if (rest.Count == 0)
            changes.Add(Gone(from, to, why, now));
        else if (Rebuild(from, rest, now) is var kept)
            changes.AddRange(alerts.Select(joined => Left(kept, joined, to, now)));
        return changes;
    }

    private OpenIncident Rebuild(OpenIncident before, List<JoinedAlert> alerts, DateTimeOffset now)
    {
        var open = Continue(before);
        open.SettledAt = before.SettledAt;
        foreach (var joined in alerts)
            Add(open, _chorus.Placed(joined), (IncidentChangeKind.AlertJoined, ""), now);
        return open;
    }

    private List<IncidentChange> Merge(OpenIncident into, OpenIncident from, string reason, DateTimeOffset now)
    {
        var changes = new List<IncidentChange>();
        // Changes are looked for anew.
        foreach (var joined in from.Alerts.Values.Where(joined => !joined.IsChange))
            changes.Add(Add(into, _chorus.Placed(joined), (IncidentChangeKind.AlertJoined, $"{joined.Alert.Name}: came with {from.Incident.Id}"), now));
        _open.Remove(from);
        var start = from.Incident.StartedAt;
        into.Update(now, incident => incident with { StartedAt = incident.StartedAt < start ? incident.StartedAt : start });
        changes.Add(Gone(from, into, reason, now));
        return changes;
    }

    private static IncidentChange Gone(OpenIncident from, OpenIncident into, string reason, DateTimeOffset now) => new(
        from.Incident with { State = IncidentState.Merged, MergedInto = into.Incident.Id, UpdatedAt = now, FiringCount = 0 }, IncidentChangeKind.Merged, now, reason);

    private List<IncidentChange> Regroup(DateTimeOffset now)
    {
        OpenIncident[] gathering = [.. _open.All.Where(open => open.SettledAt is null)];
        if (_regrouping.Of(gathering, now) is not { } regrouped)
            return [];
        var changes = new List<IncidentChange>();
        var moves = new List<(JoinedAlert Joined, OpenIncident From, OpenIncident To)>();
        foreach (var old in gathering)
            _open.Remove(old);
        var heirs = new Dictionary<OpenIncident, OpenIncident>();
        foreach (var group in regrouped.Groups)
        {
            // The incident that its cause comes from lives on in it, or else the one that most of it comes from.
            var parent = group.Alerts.Select(one => one.From).Where(from => !heirs.ContainsKey(from)).GroupBy(from => from)
                .OrderByDescending(part => part.Key == group.Alerts[0].From).ThenByDescending(part => part.Count())
                .ThenBy(part => part.Key.Incident.Id, StringComparer.Ordinal).FirstOrDefault()?.Key;
            var open = parent is null ? Open(group.Alerts[0].Joined, now) : heirs[parent] = Continue(parent);
            foreach (var (joined, from) in group.Alerts)
            {
                var isFirst = parent is null && joined == group.Alerts[0].Joined;
                var reason = $"{joined.Alert.Name}: {(isFirst ? "is a fault of its own beside" : "belongs here rather than to")} {from.Incident.Id}";
                var change = Add(open, joined, (isFirst ? IncidentChangeKind.Opened : IncidentChangeKind.AlertJoined, reason), now);
                if (from == parent)
                    continue;
                changes.Add(change);
                moves.Add((joined, from, open));
            }
        }

        changes.AddRange(moves.Select(move => Left(heirs.GetValueOrDefault(move.From, move.From), move.Joined, move.To, now)));
        foreach (var (remark, from) in regrouped.Unexplained)
        {
            _incidentOf.Remove(remark.Alert.Fingerprint);
            if (remark.Fires)
                _remarks.Add(remark);
            changes.Add(new IncidentChange(heirs.GetValueOrDefault(from, from).Incident, IncidentChangeKind.Split, now, $"{remark.Alert.Name}: nothing here explains it any more", remark.Screened));
        }

        foreach (var old in gathering.Where(old => !heirs.ContainsKey(old)))
        {
            changes.Add(old.Alerts.Keys.Select(key => _incidentOf.GetValueOrDefault(key)).FirstOrDefault(to => to is not null) is { } into
                ? Gone(old, into, "its alerts belong to faults that others tell of", now)
                : Resolve(old, now, now, "nothing bears out the remark that is left of it"));
        }

        return changes;
    }

    private OpenIncident Continue(OpenIncident before)
    {
        var open = new OpenIncident { Incident = before.Incident };
        _open.Add(open);
        return open;
    }

    private static IncidentChange Left(OpenIncident from, JoinedAlert joined, OpenIncident to, DateTimeOffset now) =>
        new(from.Incident, IncidentChangeKind.Split, now, $"{joined.Alert.Name}: went to {to.Incident.Id}", joined.Screened);
}
