using Observability.Model;

namespace Observability.Collectors;

/// <summary>An alert as Prometheus posts it.</summary>
internal sealed record PostedAlert
{
    public Dictionary<string, string>? Labels { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }

    public DateTimeOffset? StartsAt { get; init; }

    public DateTimeOffset? EndsAt { get; init; }

    public string? GeneratorURL { get; init; }

    /// <summary>The alert; null with the reason where it cannot be one. Rules: Alertmanager API v2, POST /alerts.</summary>
    public Alert? ToAlert(DateTimeOffset now, TimeSpan resolveTimeout, out string fault)
    {
        fault = "";
        var labels = LabelSet.From(Labels ?? []);
        var endsAt = EndsAt is { Year: > 1 } end ? end : (DateTimeOffset?)null;
        var startsAt = StartsAt is { Year: > 1 } start ? start : endsAt is { } at && at < now ? at : now;
        if (labels.Count == 0)
            fault = "at least one label pair required";
        else if (labels["alertname"].Length == 0)
            fault = "label alertname is missing";
        else if (endsAt < startsAt)
            fault = $"start time {startsAt:O} must be before end time {endsAt:O}";
        if (fault.Length > 0)
            return null;
        return new Alert
        {
            Labels = labels,
            Annotations = LabelSet.From(Annotations ?? []),
            State = endsAt <= now ? AlertState.Resolved : AlertState.Firing,
            StartsAt = startsAt,
            EndsAt = endsAt ?? now + resolveTimeout,
            UpdatedAt = now,
            GeneratorUrl = GeneratorURL ?? "",
            Origin = AlertOrigin.External,
            Evidence = [new Evidence(EvidenceKind.Rule, $"alert {labels["alertname"]} from another system", GeneratorURL ?? "", startsAt)],
        };
    }
}
