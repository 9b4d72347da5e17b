namespace Observability.Incidents;

/// <summary>
/// Groups the alerts of incidents that still gather once more, in an order that does not depend on how they arrived: causes
/// first, then leaf switches that many nodes speak of, then by when they began. So two faults in one job get the same incidents whichever of
/// their alerts was late.
/// </summary>
internal sealed class Regrouping(Relations relations, Chorus chorus, LeafPorts leaves)
{
    /// <summary>One group of alerts, and how many of them each incident held before.</summary>
    public sealed class Group(OpenIncident open)
    {
        /// <summary>What the group matches against; its identity is a placeholder.</summary>
        public OpenIncident Open { get; } = open;

        /// <summary>Its alerts in order, each with the incident it comes from.</summary>
        public List<(JoinedAlert Joined, OpenIncident From)> Alerts { get; } = [];
    }

    /// <summary>
    /// The groups in the order their first alerts come, without changes, which are no part of what is wrong; and the remarks that nothing explains any
    /// more, each with the incident it comes from. Null where the incidents already are these groups.
    /// </summary>
    public (IReadOnlyList<Group> Groups, IReadOnlyList<(JoinedAlert Joined, OpenIncident From)> Unexplained)? Of(IReadOnlyCollection<OpenIncident> gathering, DateTimeOffset now)
    {
        var ordered = gathering.SelectMany(from => from.Alerts.Values.Where(joined => !joined.IsChange).Select(joined => (Joined: chorus.Placed(joined), From: from)))
            .OrderBy(one => one.Joined.IsRemark).ThenByDescending(one => one.Joined.Place.IsCause).ThenByDescending(one => IsOfLeaf(one.Joined, now))
            .ThenBy(one => one.Joined.Alert.StartsAt).ThenBy(one => one.Joined.Alert.Fingerprint).ToArray();
        var open = new OpenIncidents();
        var groups = new Dictionary<OpenIncident, Group>();
        var unexplained = new List<(JoinedAlert Joined, OpenIncident From)>();
        foreach (var (joined, from) in ordered)
        {
            var group = Join(joined, open, groups, now);
            if (group is null && joined.IsRemark && HolderOf(from, groups.Values) is { } holder)
            {
                // What is in shadow is listed with what it came with. Any other remark waits again, as it would have had it come last.
                if (!joined.IsShadow)
                {
                    unexplained.Add((joined, from));
                    continue;
                }

                group = holder;
            }

            group ??= Begin(joined, open, groups);
            group.Alerts.Add((joined, from));
            group.Open.Add(joined, now);
            if (!joined.IsShadow)
                open.Extend(group.Open, joined.Place);
        }

        // What is left of an incident when all else has gone elsewhere.
        foreach (var alone in groups.Values.Where(group => group.Alerts is [{ Joined: { IsRemark: true, IsShadow: false } }]).ToArray())
        {
            unexplained.Add(alone.Alerts[0]);
            groups.Remove(alone.Open);
        }

        return unexplained.Count == 0 && groups.Count == gathering.Count && groups.Values.All(group => group.Alerts.TrueForAll(one => one.From == group.Alerts[0].From))
            ? null
            : ([.. groups.Values.OrderBy(group => Array.IndexOf(ordered, group.Alerts[0]))], unexplained);
    }

    private Group? Join(JoinedAlert joined, OpenIncidents open, Dictionary<OpenIncident, Group> groups, DateTimeOffset now)
    {
        var matches = relations.Of(joined, open, now);
        if (matches.Count == 0)
            return null;
        var group = groups[matches[0].Incident];
        if (joined.Place.IsCause || joined.Place.IsBudget || joined.IsShadow)
            return group;
        foreach (var (other, _) in matches.Skip(1).Where(match => relations.AreOneStory(group.Open, match.Incident)).ToArray())
        {
            foreach (var alert in groups[other].Alerts)
            {
                group.Alerts.Add(alert);
                group.Open.Add(alert.Joined, now);
                open.Extend(group.Open, alert.Joined.Place);
            }

            open.Remove(other);
            groups.Remove(other);
        }

        return group;
    }

    private bool IsOfLeaf(JoinedAlert joined, DateTimeOffset now) => joined is { IsLinkTrouble: true, Place.Leaf: { } leaf } && leaves.IsShared(leaf, now);

    private static Group? HolderOf(OpenIncident from, IEnumerable<Group> groups) => groups.FirstOrDefault(group => group.Alerts.Exists(one => one.From == from));

    private static Group Begin(JoinedAlert joined, OpenIncidents open, Dictionary<OpenIncident, Group> groups)
    {
        var alert = joined.Alert;
        var begun = OpenIncident.Begin($"{alert.Fingerprint:x16}", alert, alert.StartsAt);
        open.Add(begun);
        return groups[begun] = new Group(begun);
    }
}
