using Observability.Model;

namespace Observability.Incidents;

/// <summary>Something that was changed before anything was wrong.</summary>
/// <param name="Alert">What tells of it.</param>
/// <param name="At">What was changed.</param>
/// <param name="Before">How long before the first sign.</param>
internal sealed record MadeChange(Alert Alert, EntityId At, TimeSpan Before)
{
    /// <summary>The changes among the alerts of an incident, the latest first; none where nothing is wrong, or of which nobody knows where they were made.</summary>
    public static IReadOnlyList<MadeChange> Among(IReadOnlyCollection<Alert> alerts)
    {
        Alert[] changes = [.. alerts.Where(alert => alert is { IsChange: true, Entity: not null })];
        if (changes.Length == 0 || changes.Length == alerts.Count)
            return [];
        var first = alerts.Where(alert => !alert.IsChange).Min(alert => alert.StartsAt);
        return [.. changes.Where(change => change.StartsAt <= first).Select(change => new MadeChange(change, change.Entity!.Value, first - change.StartsAt))
            .OrderBy(change => change.Before).ThenBy(change => change.At).ThenByDescending(change => change.Alert.Fingerprint)];
    }

    /// <summary>In words, where it was made left out: <c>4 min before the first sign</c>.</summary>
    public string When => $"{CauseEvidence.Minutes(Before)} before the first sign";

    /// <summary>In words, with what was changed.</summary>
    public string Words(Topology graph) => $"{When} {graph.NameOf(At)} was changed: {CauseEvidence.SummaryOf(Alert)}";

    /// <summary>Where it can be read as it was told, or its alert.</summary>
    public string Reference =>
        Alert.Evidence.FirstOrDefault(line => line.Kind == EvidenceKind.Change)?.Reference is { Length: > 0 } told ? told : $"{Alert.Fingerprint:x16}";
}
