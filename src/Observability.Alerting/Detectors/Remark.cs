using Observability.Model;

namespace Observability.Alerting;

/// <summary>What a detector only remarks (severity info): it opens no incident by itself and wakes nobody.</summary>
internal static class Remark
{
    /// <summary>The labels of a remark about what <paramref name="who"/> names.</summary>
    public static LabelSet Labels(LabelSet who, string name) => who.With(LabelSet.Of(
        (AlertLabel.Name, name),
        (AlertLabel.Severity, "info"),
        (AlertLabel.FaultClass, FaultClass.Unknown),
        (AlertLabel.Role, AlertLabel.RoleSymptom)));

    /// <summary>The alert: what it says in short and at length, where to read on, and the value of an expression that bears it out.</summary>
    public static Alert Of(LabelSet labels, DateTimeOffset at, (string Summary, string Text, string Runbook) says, (string Expression, double Value) seen) => new()
    {
        Labels = labels,
        State = AlertState.Firing,
        StartsAt = at,
        UpdatedAt = at,
        Origin = AlertOrigin.Detector,
        Annotations = LabelSet.Of(("summary", says.Summary), ("description", says.Text), ("runbook_url", says.Runbook)),
        Evidence = [new Evidence(EvidenceKind.Sample, says.Text, seen.Expression, at) { Value = seen.Value }],
    };
}
