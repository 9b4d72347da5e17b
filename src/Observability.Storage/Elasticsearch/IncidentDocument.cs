using Observability.Model;

namespace Observability.Storage;

/// <summary>An incident as people search for it; flat, so that every field is one mapping.</summary>
internal sealed record IncidentDocument
{
    public required string Id { get; init; }
    public required string State { get; init; }
    public required string Severity { get; init; }
    public required string Title { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public required int AlertCount { get; init; }
    public required IReadOnlyList<string> Entities { get; init; }
    public required IReadOnlyList<string> Jobs { get; init; }
    public string? Verdict { get; init; }
    public string? FaultClass { get; init; }
    public string? Culprit { get; init; }
    public double? Confidence { get; init; }
    public string? Summary { get; init; }

    public static IncidentDocument Of(Incident incident) => new()
    {
        Id = incident.Id,
        State = incident.State.ToString(),
        Severity = incident.Severity,
        Title = incident.Title,
        StartedAt = incident.StartedAt,
        UpdatedAt = incident.UpdatedAt,
        ResolvedAt = incident.ResolvedAt,
        AlertCount = incident.AlertCount,
        Entities = [.. incident.Entities.Select(entity => entity.ToString())],
        Jobs = [.. incident.Jobs.Select(job => job.ToString())],
        Verdict = incident.Verdict?.Kind.ToString(),
        FaultClass = incident.Verdict?.FaultClass,
        Culprit = incident.Verdict?.Entity?.ToString(),
        Confidence = incident.Verdict?.Confidence,
        Summary = incident.Verdict?.Summary,
    };
}
