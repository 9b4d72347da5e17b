using Observability.Model;

namespace Observability.Incidents;

/// <summary>Lists who could have caused an incident, and measures each of them.</summary>
internal static class Candidates
{
    // Leaf switches count as candidates from this many of their links on: two at once are rather one switch than two cables. Of a link that
    // stays up and loses packets one will do: nobody knows at which end they are lost.
    private const int LinksForLeaf = 2;
    private const int MaximumCandidates = 64;

    /// <summary>The candidates of an incident with these alerts; the order of the alerts does not matter.</summary>
    public static IReadOnlyList<Candidate> Of(IReadOnlyCollection<Alert> alerts, Topology graph) => Of(new Scene(alerts, graph));

    /// <summary>The same of alerts that are laid out already. What was changed is weighed against them afterwards: <see cref="ChangeSuspects"/>.</summary>
    public static IReadOnlyList<Candidate> Of(Scene scene)
    {
        var named = new List<(EntityId Entity, string FaultClass)>();
        // Causes first, so that a storm of symptoms cannot crowd them out.
        foreach (var alert in scene.Alerts.OrderByDescending(Scene.IsCause).ThenBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint))
        {
            if (named.Count >= MaximumCandidates)
                break;
            if (scene.DeviceOf(alert) is not { Kind: not EntityKind.Job } entity)
                continue;
            var candidate = (entity, FaultNaming.ClassAt(scene, entity));
            if (!named.Contains(candidate))
                named.Add(candidate);
        }

        var leaves = scene.Devices.Where(nic => scene.HasLinkTrouble(nic) && scene.SiteOf(nic).Leaf is not null)
            .GroupBy(nic => scene.SiteOf(nic).Leaf!.Value).Where(leaf => leaf.Count() >= LinksForLeaf || leaf.Any(scene.OnlyLosesPackets)).Select(leaf => leaf.Key).Order();
        named.AddRange(leaves.Select(leaf => (leaf, FaultClass.LeafFlap)));
        named.AddRange(scene.SharedStorage().Select(storage => (storage, FaultClass.StorageStall)));
        named.AddRange(scene.Jobs.Select(job => (job, FaultNaming.ClassOfJob(scene, job))));
        var measure = new CauseMeasure(scene, [.. named.Select(one => one.Entity)]);
        return [.. named.Distinct().Select(one => new Candidate(one.Entity, one.FaultClass, measure.Of(one.Entity, one.FaultClass), scene.Supporting(one.Entity, one.FaultClass)))];
    }
}
