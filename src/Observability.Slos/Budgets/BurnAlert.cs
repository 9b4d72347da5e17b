using System.Globalization;
using Observability.Model;

namespace Observability.Slos;

/// <summary>The alert of one row of the burn-rate table. The label <c>window</c> says which row it is.</summary>
internal static class BurnAlert
{
    public const string Name = "ErrorBudgetBurn";

    public static string NameOf(BurnRateWindow row) => $"{WindowText.Of(row.LongWindow)}/{WindowText.Of(row.ShortWindow)}";

    public static Alert Of(SloAccount account, BurnRateWindow row, DateTimeOffset since, bool burns, DateTimeOffset now)
    {
        var slo = account.Spec;
        var rate = account.ErrorRatio(now, row.LongWindow) / account.Allowed;
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"{slo.DisplayName} burns its error budget {rate:0.0} times as fast as allowed over {WindowText.Of(row.LongWindow)}; {row.BurnRate:0.##} is the limit");
        return new Alert
        {
            Labels = LabelSet.Of(
                (AlertLabel.Name, Name),
                (AlertLabel.Severity, row.Severity),
                (AlertLabel.FaultClass, FaultClass.Unknown),
                (AlertLabel.Role, AlertLabel.RoleSymptom),
                (AlertLabel.Entity, $"service:slo-{slo.Id}"),
                ("slo", slo.Id),
                ("service", slo.Service),
                ("window", NameOf(row))),
            Annotations = LabelSet.Of(("summary", summary), ("description", slo.Description)),
            State = burns ? AlertState.Firing : AlertState.Resolved,
            StartsAt = since,
            UpdatedAt = now,
            EndsAt = burns ? null : now,
            Origin = AlertOrigin.Slo,
            Entity = new EntityId(EntityKind.Service, $"slo-{slo.Id}"),
            Evidence = [new Evidence(EvidenceKind.Rule, $"{NameOf(row)} of {slo.Id}", slo.Source.ToString(), now) { Value = rate }],
        };
    }
}
