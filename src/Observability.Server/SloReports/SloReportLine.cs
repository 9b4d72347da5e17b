using Observability.Model;

namespace Observability.Server;

/// <summary>One SLO of the report.</summary>
/// <param name="Id">The SLO.</param>
/// <param name="Objective">What it promises, in [0, 1).</param>
/// <param name="Window">Its window.</param>
/// <param name="Attainment">Share of good so far; null where unknown.</param>
/// <param name="Remaining">Share of the budget that is left, negative when overspent; null where unknown.</param>
/// <param name="BurnRate">Errors of the last 5 minutes over the allowed; null where unknown.</param>
/// <param name="Burning">Alerting windows that burn.</param>
/// <param name="Charges">What incidents cost, the dearest first.</param>
internal sealed record SloReportLine(
    string Id, double Objective, string Window, double? Attainment, double? Remaining, double? BurnRate, IReadOnlyList<string> Burning, IReadOnlyList<BudgetCharge> Charges);
