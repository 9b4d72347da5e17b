using Observability.Model;

namespace Observability.Storage;

/// <summary>An alert as people search for it. Labels and annotations are objects of strings (mapping <c>flattened</c>).</summary>
internal sealed record AlertDocument
{
    public required string Name { get; init; }
    public required string State { get; init; }
    public required string Origin { get; init; }
    public required DateTimeOffset StartsAt { get; init; }
    public DateTimeOffset? EndsAt { get; init; }
    public string? Entity { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public static AlertDocument Of(Alert alert) => new()
    {
        Name = alert.Name,
        State = alert.State.ToString(),
        Origin = alert.Origin.ToString(),
        StartsAt = alert.StartsAt,
        EndsAt = alert.EndsAt,
        Entity = alert.Entity?.ToString(),
        Labels = new SortedDictionary<string, string>(new Dictionary<string, string>(alert.Labels), StringComparer.Ordinal),
        Annotations = new SortedDictionary<string, string>(new Dictionary<string, string>(alert.Annotations), StringComparer.Ordinal),
    };
}
