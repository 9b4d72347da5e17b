namespace Observability.Model;

/// <summary>
/// Which devices and nodes come back. A few of them ("lemon nodes", about 1.3 % of a fleet: facts of the RSC study, arXiv 2410.21680) fail again
/// and again; taking them out lowers job failures more than any repair. Failures of a healthy device are counted as Poisson with the mean of
/// all others of its kind; how far beyond that a device is, is its score. It says whom to look at, and starts nothing. What stays when a device
/// is swapped is counted as well: the slot a GPU sits in, and the cable of an adapter.
/// </summary>
public static class LemonScores
{
    /// <summary>Every device that was the culprit of a hardware incident, with its node, slot and cable, the most suspicious first.</summary>
    /// <param name="snapshot">Where incidents are counted; those that ended long ago are in the journal only.</param>
    public static IReadOnlyList<DeviceRecord> Of(PlatformSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var found = new Dictionary<EntityId, (int Incidents, DateTimeOffset Last)>();
        foreach (var view in snapshot.Incidents.Values.Where(view => view.Incident.MergedInto.Length == 0))
        {
            if (view.Incident.Verdict is not { Kind: VerdictKind.Hardware, Entity: { } culprit })
                continue;
            Count(found, culprit, view.Incident.StartedAt);
            foreach (var place in PlacesOf(culprit, snapshot.Topology))
                Count(found, place, view.Incident.StartedAt);
        }

        var totals = found.GroupBy(pair => pair.Key.Kind).ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value.Incidents));
        var sizes = snapshot.Topology.Entities.Keys.GroupBy(id => id.Kind).ToDictionary(group => group.Key, group => group.Count());
        sizes[EntityKind.Slot] = snapshot.Topology.Entities.Values.Select(SlotOf).OfType<EntityId>().Distinct().Count();
        sizes[EntityKind.Cable] = Math.Max(sizes.GetValueOrDefault(EntityKind.Cable), sizes.GetValueOrDefault(EntityKind.Nic));
        return
        [
            .. found.Select(pair =>
            {
                // The others' mean: what it did itself must not excuse it.
                var others = Math.Max(1, sizes.GetValueOrDefault(pair.Key.Kind) - 1);
                var expected = Math.Max((double)(totals[pair.Key.Kind] - pair.Value.Incidents) / others, 0.5 / others);
                return new DeviceRecord(pair.Key, pair.Value.Incidents, expected, Below(pair.Value.Incidents, expected), pair.Value.Last);
            })
            .OrderByDescending(record => record.LemonScore).ThenByDescending(record => record.Incidents).ThenBy(record => record.Entity),
        ];
    }

    private static IEnumerable<EntityId> PlacesOf(EntityId culprit, Topology graph)
    {
        if (graph.NodeOf(culprit) is { } node && node != culprit)
            yield return node;
        if (graph.Find(culprit) is { } entity && SlotOf(entity) is { } slot)
            yield return slot;
        if (culprit.Kind != EntityKind.Nic)
            yield break;
        // A fabric whose cables are known by their serial numbers says so; elsewhere both ends name the cable.
        foreach (var end in graph.Out(culprit, EdgeKind.Connects))
            yield return end.Kind == EntityKind.Cable ? end : new EntityId(EntityKind.Cable, $"{culprit.Name} to {end.Name}");
    }

    private static EntityId? SlotOf(Entity entity) =>
        entity.Id.Kind == EntityKind.Gpu && entity.Attributes.TryGet("node", out var node) && entity.Attributes.TryGet("gpu", out var index)
            ? new EntityId(EntityKind.Slot, $"{node}/{index}")
            : null;

    private static void Count(Dictionary<EntityId, (int Incidents, DateTimeOffset Last)> found, EntityId entity, DateTimeOffset at)
    {
        var before = found.GetValueOrDefault(entity);
        found[entity] = (before.Incidents + 1, at > before.Last ? at : before.Last);
    }

    // P(X < count) of a Poisson variable.
    private static double Below(int count, double mean)
    {
        var (term, sum) = (Math.Exp(-mean), 0.0);
        for (var k = 0; k < count; k++)
        {
            sum += term;
            term *= mean / (k + 1);
        }

        return Math.Min(1, sum);
    }
}
