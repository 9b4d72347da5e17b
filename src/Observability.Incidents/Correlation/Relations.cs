using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Decides which open incidents an alert may belong to. The order of the questions is the explanation: the same thing, the
/// same node, the same leaf switch, the same storage, the same job, a call between services. A fault that is new stands alone unless an incident still lacks its cause.
/// </summary>
internal sealed class Relations(IncidentsOptions options, TopologyView topology, LeafPorts leaves)
{
    // A rule sees its condition some time after it began; an event is seen at once.
    private static readonly TimeSpan RuleDelay = TimeSpan.FromSeconds(15);

    private enum Rank
    {
        SameThing,
        SameCauseNode,
        SameNode,
        SameLeaf,
        SameStorage,
        SameChorus,
        ExplainedJob,
        SameJob,
        YoungJob,
        Call,
        Budget,
    }

    /// <summary>The incidents an alert may join, best first, each with the reason.</summary>
    public IReadOnlyList<(OpenIncident Incident, string Reason)> Of(JoinedAlert joined, OpenIncidents among, DateTimeOffset now)
    {
        var matches = new List<(OpenIncident Incident, string Reason, Rank Rank)>();
        foreach (var open in among.Near(joined.Place))
        {
            if (now - open.LastJoin > options.JoinWindow && !open.IsHeldOpen)
                continue;
            if (Between(open, joined, now) is { } relation)
                matches.Add((open, relation.Reason, relation.Rank));
        }

        return [.. matches.OrderBy(match => match.Rank).ThenBy(match => Misfit(match.Incident, joined.Alert))
            .ThenBy(match => match.Incident.Incident.Id, StringComparer.Ordinal).Select(match => (match.Incident, match.Reason))];
    }

    /// <summary>True where one incident holds nothing that the other would not explain, so that they are one story.</summary>
    public bool AreOneStory(OpenIncident into, OpenIncident other) => !other.HasCause
        && (!into.HasCause || other.Nodes.Count == 0)
        && (into.Incident.StartedAt - other.Incident.StartedAt).Duration() <= options.MergeWindow;

    /// <summary>
    /// Why a change may explain an incident: it was made before anything was wrong, at the same place or at one that a job or service of the incident needs. Null where
    /// it may not: what has a cause elsewhere needs no change of another node to explain it.
    /// </summary>
    public string? ChangedBefore(OpenIncident open, JoinedAlert change)
    {
        var (place, at) = (change.Place, change.Alert.StartsAt);
        if (place.Entity is not { } changed || open.FirstSignAt is not { } first || at > first || first - at > options.ChangeWindow)
            return null;
        var isOfIt = open.Things.Contains(changed) || (place.Node is { } node && open.Nodes.Contains(node)) || (changed.Kind == EntityKind.Job && open.Jobs.Contains(changed))
            || place.Calls.Any(path => !path.IsCallee && open.Things.Contains(path.Service));
        var mayExplain = isOfIt || (place.IsDevice && !open.HasCause && SharedJob(open, place) is not null);
        return mayExplain ? $"{topology.Current.NameOf(changed)} was changed {CauseEvidence.Minutes(first - at)} before" : null;
    }

    private (Rank Rank, string Reason)? Between(OpenIncident open, JoinedAlert joined, DateTimeOffset now)
    {
        var place = joined.Place;
        if (open.IsBeside(place, joined.Alert, options.ApartOnNode))
            return null;
        // A monitor that has long been silent does nothing to the devices it watched; one that has just fallen silent may be going down with them.
        if (place.IsDevice && open.IsOnlySilence && now - open.Incident.StartedAt > (place.IsPart ? options.ApartOnNode : options.CauseWindow))
            return null;
        if (place.IsService)
            return OfService(open, place, now);
        return place.IsCause ? OfCause(open, joined, now) : OfSymptom(open, joined, now);
    }

    // Trouble goes from a service to those that call it, whichever of them is noticed first. While a small incident stays open for days, what
    // its neighbours show later is another story.
    private (Rank Rank, string Reason)? OfService(OpenIncident open, Place place, DateTimeOffset now)
    {
        var service = place.Entity!.Value;
        if (open.Things.Contains(service))
            return (Rank.SameThing, $"same {topology.Current.NameOf(service)}");
        if (now - open.LastJoin > options.JoinWindow)
            return null;
        return place.Calls.Where(path => open.Things.Contains(path.Service)).Select(path => ((Rank, string)?)(Rank.Call, path.Words(topology.Current))).FirstOrDefault();
    }

    private (Rank Rank, string Reason)? OfCause(OpenIncident open, JoinedAlert joined, DateTimeOffset now)
    {
        var (place, graph) = (joined.Place, topology.Current);
        if (place.CauseKey is not { } key)
            return null;
        if (open.Causes.Contains(key))
            return (Rank.SameThing, $"same {graph.NameOf(key)}");
        if (place.Leaf is { } leaf && (open.SharedLeaves.Contains(leaf) || (place.Entity == leaf && open.Leaves.Contains(leaf))))
            return (Rank.SameLeaf, $"same leaf switch {leaf.Name}");
        if (place.Storage.Overlaps(open.Storage) && IsAtOnce(open, joined.Alert))
            return (Rank.SameStorage, $"waits for the same storage {place.Storage.Intersect(open.Storage).Min().Name}");
        if (open.HasCause)
            return null;
        // One of many nodes of a wide incident says little about a fault that is new there.
        if (place.Node is { } node && open.Nodes.Contains(node) && open.Nodes.Count <= options.NarrowIncident)
            return (Rank.SameNode, $"same node {node.Name}");
        // Nothing elsewhere takes a node's memory, disk or processor time, no storage breaks a link, and some faults leave a job alone.
        var mayExplain = !open.IsOfShortage && (place.Storage.Count == 0 || open.SuspectAt is null) && !OpenIncident.LeavesJobAlone(joined.Alert.FaultClass);
        return mayExplain && IsYoung(open, now) && SharedJob(open, place) is { } job ? (Rank.YoungJob, $"explains what job {job.Name} shows") : null;
    }

    private (Rank Rank, string Reason)? OfSymptom(OpenIncident open, JoinedAlert joined, DateTimeOffset now)
    {
        var (place, graph) = (joined.Place, topology.Current);
        if (place.Entity is { } entity && entity.Kind != EntityKind.Job && !place.IsEcho && open.Things.Contains(entity))
            return (Rank.SameThing, $"same {graph.NameOf(entity)}");
        if (place.Node is { } node && open.Nodes.Contains(node) && !IsAnotherLink(open, joined, now) && !IsAnotherShortage(open, joined))
            return (open.Causes.Contains(node) ? Rank.SameCauseNode : Rank.SameNode, $"same node {node.Name}");
        if (place.IsLink && place.Leaf is { } leaf && open.Leaves.Contains(leaf))
            return (Rank.SameLeaf, $"same leaf switch {leaf.Name}");
        if (place.IsBudget)
            return (Rank.Budget, "burns a budget meanwhile");
        if (SharedJob(open, place) is not { } job)
            return OfLossyLeaf(open, place, now);
        // Once a job's common symptom has gone somewhere, the rest of it follows.
        if (place.IsOfJobAlone && open.ChorusJobs.Contains(job) && now - open.LastJoin <= options.CauseWindow)
            return (Rank.SameChorus, $"most nodes of job {job.Name} say the same");
        // What a job shows belongs to the fault that stops or slows it. What another device shows is a story of its own,
        // unless the incident still lacks a cause and has only just begun.
        if (place.IsDevice)
            return open.HasCause || !IsYoung(open, now) || (open.SuspectAt is not null && IsOfAnotherLeaf(open, joined, now)) ? null : (Rank.YoungJob, $"same job {job.Name}");
        return open.LeavesJobsAlone || IsPast(open, job, now) ? null : (open.HasCause ? Rank.ExplainedJob : Rank.SameJob, $"same job {job.Name}");
    }

    // What comes now may still have begun with it.
    private bool IsYoung(OpenIncident open, DateTimeOffset now) => now - open.Incident.StartedAt <= options.CauseWindow;

    // Jobs that begin to wait at one time wait for the same; while the storage itself does not answer, at any time.
    private bool IsAtOnce(OpenIncident open, Alert alert) => open.Causes.Any(cause => cause.Kind == EntityKind.Storage)
        || (alert.StartsAt - (open.CauseAt ?? alert.StartsAt)).Duration() <= options.CauseWindow;

    // A job that is slow and nothing says why, while packets are lost at another port of a leaf switch that carries its traffic.
    private (Rank Rank, string Reason)? OfLossyLeaf(OpenIncident open, Place place, DateTimeOffset now)
    {
        if (open.HasCause || open.SuspectAt is not null || open.IsOfShortage || !IsYoung(open, now))
            return null;
        return place.LeafJobs.Where(open.Jobs.Contains).Select(job => ((Rank, string)?)(Rank.YoungJob, $"leaf switch {place.Leaf!.Value.Name} carries job {job.Name}")).FirstOrDefault();
    }

    // A leaf switch that flaps shows on nodes that are ill for other reasons; its ports must not vanish in their incidents, nor theirs in its.
    private bool IsAnotherLink(OpenIncident open, JoinedAlert joined, DateTimeOffset now)
    {
        var place = joined.Place;
        if (!place.IsLink || place.Leaf is not { } leaf)
            return false;
        if (IsOfAnotherLeaf(open, joined, now)
            || (joined.IsLinkTrouble && !open.Leaves.Contains(leaf) && open.SharedLeaves.Count > 0 && !open.Causes.Contains(place.Node!.Value)))
            return true;
        return (open.CauseAt ?? open.SuspectAt) is { } began && now - began > (open.IsOfOtherPart(place.Entity) ? options.ApartOnNode : options.CauseWindow);
    }

    private bool IsOfAnotherLeaf(OpenIncident open, JoinedAlert joined, DateTimeOffset now) =>
        joined.Place is { IsLink: true, Leaf: { } leaf } && !open.Leaves.Contains(leaf) && leaves.IsShared(leaf, now);

    // Neither a GPU nor an adapter takes a node's memory, disk or processor time.
    private bool IsAnotherShortage(OpenIncident open, JoinedAlert joined) => joined.Place.IsHost
        && open.IsOfOtherPart(joined.Place.Entity) && open.SuspectAt is { } began && joined.Alert.StartsAt - began > options.ApartOnNode;

    // Another monitor's silence is no part of the job that runs on what it watches.
    private static EntityId? SharedJob(OpenIncident open, Place place) => place.IsMonitor ? null
        : place.Jobs.Where(open.Jobs.Contains).Select(job => (EntityId?)job).FirstOrDefault();

    // Once the devices of an incident have been well for a while, what its job shows next has another reason. A device that is
    // still ill explains the job that runs on it, and for as long as a timeout lasts the job that ran on it.
    private bool IsPast(OpenIncident open, EntityId job, DateTimeOffset now)
    {
        if (open.LastDeviceChange is not { } last || now - last <= options.DeviceMemory)
            return false;
        if (!open.Health.IsAnyIll)
            return true;
        return now - last > options.JoinWindow && !open.Health.Ill.Any(device => topology.Current.JobsOn(device).Contains(job));
    }

    // Of two faults in one job, a halt belongs to the one that can stop a job, and anything to the one that began last before it.
    private static (bool, bool, TimeSpan) Misfit(OpenIncident open, Alert alert)
    {
        var began = open.CauseAt ?? open.Incident.StartedAt;
        var isHalt = alert.FaultClass == FaultClass.UserCodeHang;
        return (isHalt && open.CauseAt is not null && !open.CanStop, began > alert.StartsAt + RuleDelay, (alert.StartsAt - began).Duration());
    }
}
