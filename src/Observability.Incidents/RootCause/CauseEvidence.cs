using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>The lines that a reader can check: what speaks for a candidate, and what would have broken too and did not.</summary>
internal static class CauseEvidence
{
    private const int MaximumLines = 8;
    private const int MaximumAlerts = 64;
    private const int MaximumChanges = 3;

    /// <summary>
    /// Lines of the alerts that speak for a candidate, causes first; at most eight. One line of each alert comes before the second of any,
    /// and a text is told once however many alerts say it. Never empty where an alert speaks for it.
    /// </summary>
    public static IEnumerable<Evidence> For(Candidate candidate, Topology graph, DateTimeOffset now)
    {
        var alerts = candidate.Supporting.OrderByDescending(Scene.IsCause).ThenBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint).Take(MaximumAlerts)
            .Select(alert => LinesOf(alert).ToArray()).ToArray();
        var lines = Enumerable.Range(0, alerts.Length == 0 ? 0 : alerts.Max(one => one.Length))
            .SelectMany(i => alerts.Where(one => one.Length > i).Select(one => one[i])).DistinctBy(line => (line.Kind, line.Text, line.Reference, line.Entity)).ToArray();
        var shared = (candidate.Entity.Kind == EntityKind.Storage ? Waiting(candidate, graph, now) : Shared(candidate, graph, now)).ToArray();
        if (candidate.Change is not { } change)
            return shared.Concat(lines).Take(MaximumLines);
        // What was changed is told once, with how long before.
        var changed = new Evidence(EvidenceKind.Change, $"{change.When}: {SummaryOf(change.Alert)}", change.Reference, change.Alert.StartsAt) { Entity = change.At, Value = change.Before.TotalMinutes };
        return shared.Prepend(changed).Concat(lines.Where(line => line.Kind != EvidenceKind.Change)).Take(MaximumLines);
    }

    /// <summary>What would have broken too, had it been something larger or something else, and did not.</summary>
    public static IEnumerable<Evidence> Against(Candidate candidate, Scene scene, Topology graph, DateTimeOffset now)
    {
        var (entity, alerts) = (candidate.Entity, scene.Alerts);
        if (entity.Kind is EntityKind.Gpu or EntityKind.Nic && graph.NodeOf(entity) is { } node)
        {
            var others = graph.In(node, EdgeKind.PartOf).Where(part => part.Kind == entity.Kind && part != entity).ToHashSet();
            others.ExceptWith(alerts.Select(alert => alert.Entity).OfType<EntityId>());
            var all = graph.In(node, EdgeKind.PartOf).Count(part => part.Kind == entity.Kind) - 1;
            if (others.Count > 0)
                yield return Counter(node, $"{others.Count} of the {all} other {(entity.Kind == EntityKind.Gpu ? "GPUs" : "adapters")} of {node.Name} show nothing", now);
        }
        else if (entity.Kind == EntityKind.Job)
        {
            var broken = alerts.Count(alert => Scene.IsCause(alert) && alert.Entity is { Kind: not EntityKind.Job });
            var gpus = graph.In(entity, EdgeKind.MemberOf).Count();
            if (broken == 0)
                yield return Counter(entity, $"no device under the {gpus} ranks of {entity.Name} reports a fault of its own", now);
        }
        else if (entity.Kind == EntityKind.Switch)
        {
            var elsewhere = alerts.Count(alert => alert.Entity is { Kind: EntityKind.Nic } nic && !graph.Out(nic, EdgeKind.Connects).Contains(entity));
            if (elsewhere == 0)
                yield return Counter(entity, $"no port of another leaf switch shows anything, so it is not the nodes", now);
        }
        else if (entity.Kind == EntityKind.Storage)
        {
            var users = graph.JobsOn(entity);
            var quiet = users.Except(alerts.Select(alert => alert.Entity).OfType<EntityId>()).Count();
            if (quiet > 0)
                yield return Counter(entity, $"{quiet} of the {users.Count} jobs that use {entity.Name} show nothing", now);
        }
        else if (entity.Kind == EntityKind.Monitor && graph.NodeOf(entity) is { } watched)
        {
            if (alerts.All(alert => alert.Entity != watched))
                yield return Counter(watched, $"nothing speaks of {watched.Name} itself", now);
        }

        // Whatever the verdict, who is called asks what was changed.
        foreach (var change in candidate.FaultClass == FaultClass.BadChange ? [] : scene.Changes.Take(MaximumChanges))
            yield return Counter(change.At, change.Words(graph), now);
    }

    /// <summary>What an alert brings along, or its summary.</summary>
    public static IEnumerable<Evidence> LinesOf(Alert alert) => alert.Evidence.IsEmpty
        ? [new Evidence(EvidenceKind.Alert, SummaryOf(alert), $"{alert.Fingerprint:x16}", alert.StartsAt) { Entity = alert.Entity }]
        : alert.Evidence.Select(line => line.Entity is null ? line with { Entity = alert.Entity } : line);

    /// <summary>What an alert says of itself.</summary>
    internal static string SummaryOf(Alert alert) => alert.Annotations.TryGet("summary", out var summary) ? summary : alert.Name;

    /// <summary>A time in words: seconds below two minutes, then minutes.</summary>
    internal static string Minutes(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(time < TimeSpan.FromMinutes(2) ? time.TotalSeconds : time.TotalMinutes):0} {(time < TimeSpan.FromMinutes(2) ? "s" : "min")}");

    // What many of its parts say alike is one claim about the whole.
    private static IEnumerable<Evidence> Shared(Candidate candidate, Topology graph, DateTimeOffset now)
    {
        var entity = candidate.Entity;
        if (entity.Kind is not (EntityKind.Job or EntityKind.Switch))
            yield break;
        var isJob = entity.Kind == EntityKind.Job;
        var parts = candidate.Supporting.Where(alert => alert.Entity is { } part && part != entity && part.Kind is EntityKind.Gpu or EntityKind.Nic)
            .Select(alert => alert.Entity!.Value).ToHashSet();
        if (parts.Count < 2)
            yield break;
        var all = isJob ? graph.In(entity, EdgeKind.MemberOf).Count() : graph.In(entity, EdgeKind.Connects).Count(part => part.Kind == EntityKind.Nic);
        var (from, to) = (candidate.Supporting.Min(alert => alert.StartsAt), candidate.Supporting.Max(alert => alert.StartsAt));
        var text = string.Create(CultureInfo.InvariantCulture, $"{parts.Count} of the {all} {(isJob ? "GPUs" : "ports")} of {entity.Name} show it within {(to - from).TotalSeconds:0} s");
        yield return new Evidence(EvidenceKind.Topology, text, entity.ToString(), now) { Entity = entity, Value = parts.Count };
    }

    // The same of jobs that wait for one storage.
    private static IEnumerable<Evidence> Waiting(Candidate candidate, Topology graph, DateTimeOffset now)
    {
        var storage = candidate.Entity;
        var waiting = candidate.Supporting.Select(alert => alert.Entity).OfType<EntityId>().Where(one => one.Kind == EntityKind.Job).Distinct().Count();
        if (waiting > 1)
            yield return new Evidence(EvidenceKind.Topology, $"{waiting} of the {graph.JobsOn(storage).Count} jobs that use {storage.Name} wait for storage", storage.ToString(), now) { Entity = storage, Value = waiting };
    }

    private static Evidence Counter(EntityId of, string text, DateTimeOffset now) => new(EvidenceKind.Counter, text, of.ToString(), now) { Entity = of };
}
