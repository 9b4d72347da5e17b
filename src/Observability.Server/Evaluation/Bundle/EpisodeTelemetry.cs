using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// What an episode's line tells of telemetry: when it was, the changes of alerts, the topology. What is true of it stands in the same line and
/// is not read here.
/// <code>
/// {"id":"test-00000-03","from":"…","to":"…","faults":[…],"alerts":[{"at":"…","change":"fired","starts_at":"…","origin":"event",
///  "entity":"gpu:GPU-1","labels":{"alertname":"Xid79"},"summary":"…"}],"topology":{"entities":["gpu:GPU-1"],"edges":["gpu:GPU-1 part_of node:a"],
///  "changes":[{"at":"…","begun":["rank:j/0 runs_on gpu:GPU-9"],"ended":["rank:j/0 runs_on gpu:GPU-1"]}]}}
/// </code>
/// </summary>
internal sealed record EpisodeTelemetry
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Its name.</summary>
    public required string Id { get; init; }

    /// <summary>When it began, in the fleet's time.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Changes of alerts, by time.</summary>
    public required IReadOnlyList<AlertTransition> Alerts { get; init; }

    /// <summary>The fleet's shape at the beginning, as far as it concerns the episode.</summary>
    public required TopologyChange Topology { get; init; }

    /// <summary>What changed of it meanwhile, by time: jobs that moved.</summary>
    public required IReadOnlyList<TopologyChange> Moves { get; init; }

    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not JSON, lacks a field, or names something that is not known; the message tells.</exception>
    public static EpisodeTelemetry Read(string line)
    {
        var told = JsonSerializer.Deserialize<Told>(line, Json) ?? throw new JsonException("the line is null");
        return new EpisodeTelemetry
        {
            Id = told.Id,
            From = told.From,
            To = told.To,
            Alerts = [.. told.Alerts.Select(TransitionOf).OrderBy(alert => alert.At)],
            Topology = new TopologyChange(
                told.From,
                told.Id,
                [.. told.Topology.Entities.Select(entity => new Entity(EntityOf(entity), EntityOf(entity).Name, LabelSet.Empty))],
                [.. told.Topology.Edges.Select(edge => EdgeOf(edge, told.From))]),
            Moves = [.. told.Topology.Changes.OrderBy(change => change.At).Select(change => new TopologyChange(
                change.At,
                told.Id,
                [],
                [.. change.Ended.Select(edge => EdgeOf(edge, told.From) with { ValidTo = change.At }), .. change.Begun.Select(edge => EdgeOf(edge, change.At))]))],
        };
    }

    private static AlertTransition TransitionOf(ToldAlert told)
    {
        var kind = Word<AlertTransitionKind>(told.Change, "change");
        return new AlertTransition(
            new Alert
            {
                Labels = LabelSet.Of([.. told.Labels.Select(label => (label.Key, label.Value))]),
                State = kind == AlertTransitionKind.Fired ? AlertState.Firing : AlertState.Resolved,
                StartsAt = told.StartsAt,
                UpdatedAt = told.At,
                EndsAt = kind == AlertTransitionKind.Resolved ? told.At : null,
                Annotations = told.Summary is { Length: > 0 } summary ? LabelSet.Of(("summary", summary)) : LabelSet.Empty,
                Origin = Word<AlertOrigin>(told.Origin, "origin"),
                Entity = told.Entity is { } entity ? EntityOf(entity) : null,
            },
            kind,
            told.At);
    }

    private static TopologyEdge EdgeOf(string text, DateTimeOffset from) => text.Split(' ') is [var source, var kind, var target]
        ? new TopologyEdge(EntityOf(source), Word<EdgeKind>(kind, "edge"), EntityOf(target), from)
        : throw new JsonException($"topology.edges: '{text}' is not 'from kind to'");

    private static EntityId EntityOf(string text) => EntityId.TryParse(text, out var id)
        ? id
        : throw new JsonException($"'{text}' is not an entity; write kind:name, for example node:node-001");

    private static T Word<T>(string text, string what)
        where T : struct, Enum => Enum.TryParse<T>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value)
        ? value
        : throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"{what}: '{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(OptionValue.SnakeCase))}"));

    private sealed record Told
    {
        public required string Id { get; init; }

        public required DateTimeOffset From { get; init; }

        public required DateTimeOffset To { get; init; }

        public required ImmutableArray<ToldAlert> Alerts { get; init; }

        public required ToldTopology Topology { get; init; }
    }

    private sealed record ToldAlert
    {
        public required DateTimeOffset At { get; init; }

        public required string Change { get; init; }

        public required DateTimeOffset StartsAt { get; init; }

        public required string Origin { get; init; }

        public string? Entity { get; init; }

        public required Dictionary<string, string> Labels { get; init; }

        public string? Summary { get; init; }
    }

    private sealed record ToldTopology(ImmutableArray<string> Entities, ImmutableArray<string> Edges)
    {
        public IReadOnlyList<ToldMove> Changes { get; init; } = [];
    }

    private sealed record ToldMove
    {
        public required DateTimeOffset At { get; init; }

        public required ImmutableArray<string> Begun { get; init; }

        public required ImmutableArray<string> Ended { get; init; }
    }
}
