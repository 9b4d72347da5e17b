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
        TopologyChange shape)
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

    // What is named, what that is part of or runs on or is cabled to, and all ranks of the jobs among it: as far as relations reach.
    private static object Slice(HashSet<EntityId> named, TopologyChange shape)
    {
        var reached = new HashSet<EntityId>(named);
        for (var hop = 0; hop < 2; hop++)
        {
            var near = shape.Edges.Where(edge => reached.Contains(edge.From)).Select(edge => edge.To)
                .Concat(shape.Edges.Where(edge => edge.Kind == EdgeKind.RunsOn && reached.Contains(edge.To)).Select(edge => edge.From)).ToArray();
            reached.UnionWith(near);
        }

        reached.UnionWith(shape.Edges.Where(edge => edge.Kind == EdgeKind.MemberOf && reached.Contains(edge.To)).Select(edge => edge.From));
        return new
        {
            Entities = reached.Order().Select(entity => entity.ToString()),
            Edges = shape.Edges.Where(edge => reached.Contains(edge.From)).Select(edge => $"{edge.From} {OptionValue.SnakeCase(edge.Kind.ToString())} {edge.To}"),
        };
    }
}
