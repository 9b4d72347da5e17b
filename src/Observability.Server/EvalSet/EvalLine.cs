using System.Text.Json;
using System.Text.Json.Serialization;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>One episode as a line of JSON; <c>docs/eval-set.md</c> says what each field means.</summary>
internal static class EvalLine
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Of(
        (string Id, FleetOptions Fleet, DateTimeOffset From, DateTimeOffset To) episode,
        (IReadOnlyList<GroundTruth> Faults, IReadOnlyList<GroundTruth> Negatives) truth,
        IReadOnlyList<AlertTransition> alerts,
        (TopologyChange Before, IReadOnlyList<TopologyChange> Changes) shape)
    {
        var named = new HashSet<EntityId>(alerts.Select(one => one.Alert.Entity).OfType<EntityId>());
        named.UnionWith(truth.Faults.Concat(truth.Negatives).SelectMany(one => one.Entities));
        return JsonSerializer.Serialize(new
        {
            episode.Id,
            Fleet = EvalSplit.NameOf(episode.Fleet),
            episode.Fleet.Seed,
            episode.From,
            episode.To,
            Faults = truth.Faults.Select(TruthJson.Line),
            Negatives = truth.Negatives.Select(TruthJson.Line),
            Alerts = alerts.Select(Line),
            Topology = Slice(named, shape),
        }, Json);
    }

    private static object Line(AlertTransition one) => new
    {
        one.At,
        Change = one.Kind,
        one.Alert.StartsAt,
        one.Alert.Origin,
        Entity = one.Alert.Entity?.ToString(),
        Labels = one.Alert.Labels.ToDictionary(label => label.Key, label => label.Value),
        // Texts tell the same once more when an alert ends.
        Summary = one.Kind == AlertTransitionKind.Fired && one.Alert.Annotations["summary"] is { Length: > 0 } summary ? summary : null,
    };

    // What is named and what that is part of or is cabled to; the ranks on it and on its node; and all of the jobs among it, with the GPUs they
    // run on; all adapters on the switches among it. As far as relations reach: a job suffers from a port because its ranks run on GPUs of the port's
    // node. Wherever any of it was meanwhile.
    private static object Slice(HashSet<EntityId> named, (TopologyChange Before, IReadOnlyList<TopologyChange> Changes) shape)
    {
        TopologyEdge[] edges = [.. shape.Before.Edges.Concat(shape.Changes.SelectMany(change => change.Edges)).DistinctBy(edge => (edge.From, edge.Kind, edge.To))];
        var into = edges.ToLookup(edge => edge.To);
        var reached = new HashSet<EntityId>(named);
        for (var hop = 0; hop < 2; hop++)
            reached.UnionWith(edges.Where(edge => reached.Contains(edge.From)).Select(edge => edge.To).ToArray());
        EntityId[] gpus = [.. Below(EntityKind.Node, EdgeKind.PartOf).Where(part => part.Kind == EntityKind.Gpu)];
        reached.UnionWith(gpus);
        reached.UnionWith(Below(EntityKind.Gpu, EdgeKind.RunsOn));
        reached.UnionWith(Above(EntityKind.Rank, EdgeKind.MemberOf));
        reached.UnionWith(Below(EntityKind.Job, EdgeKind.MemberOf));
        reached.UnionWith(Above(EntityKind.Rank, EdgeKind.RunsOn));
        reached.UnionWith(Above(EntityKind.Gpu, EdgeKind.PartOf));
        reached.UnionWith(Below(EntityKind.Switch, EdgeKind.Connects).Where(port => port.Kind == EntityKind.Nic));
        reached.UnionWith(Above(EntityKind.Nic, EdgeKind.PartOf));
        var changes = shape.Changes
            .Select(change => new { change.At, Begun = Words(change.Edges.Where(edge => edge.ValidTo is null)), Ended = Words(change.Edges.Where(edge => edge.ValidTo is not null)) })
            .Where(change => change.Begun.Length + change.Ended.Length > 0).ToArray();
        return new
        {
            Entities = reached.Order().Select(entity => entity.ToString()),
            Edges = Words(shape.Before.Edges),
            Changes = changes.Length > 0 ? changes : null,
        };

        string[] Words(IEnumerable<TopologyEdge> some) =>
            [.. some.Where(edge => reached.Contains(edge.From)).Select(edge => $"{edge.From} {OptionValue.SnakeCase(edge.Kind.ToString())} {edge.To}")];

        EntityId[] Below(EntityKind kind, EdgeKind by) =>
            [.. reached.Where(entity => entity.Kind == kind).SelectMany(entity => into[entity]).Where(edge => edge.Kind == by).Select(edge => edge.From)];

        EntityId[] Above(EntityKind kind, EdgeKind by) =>
            [.. edges.Where(edge => edge.Kind == by && edge.From.Kind == kind && reached.Contains(edge.From)).Select(edge => edge.To)];
    }
}
