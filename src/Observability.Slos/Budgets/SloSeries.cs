using Observability.Model;

namespace Observability.Slos;

/// <summary>The series of an SLO, named and labelled as Sloth does, so that its dashboards work. What has no data has no sample.</summary>
internal static class SloSeries
{
    private static readonly TimeSpan[] Windows =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(6),
        TimeSpan.FromDays(1), TimeSpan.FromDays(3),
    ];

    public static IEnumerable<SeriesSample> Of(SloAccount account, ErrorBudget budget, DateTimeOffset now)
    {
        var slo = account.Spec;
        var labels = LabelSet.Of(("sloth_id", $"{slo.Service}-{slo.Id}"), ("sloth_service", slo.Service), ("sloth_slo", slo.Id));
        var samples = new List<(string Name, LabelSet Labels, double? Value)>();
        foreach (var window in Windows.Where(window => window < slo.Window).Append(slo.Window))
        {
            var text = WindowText.Of(window);
            samples.Add(($"slo:sli_error:ratio_rate{text}", labels.With("sloth_window", text), account.ErrorRatio(now, window)));
        }

        samples.Add(("slo:objective:ratio", labels, slo.Target));
        samples.Add(("slo:error_budget:ratio", labels, account.Allowed));
        samples.Add(("slo:time_period:days", labels, slo.Window.TotalDays));
        samples.Add(("slo:current_burn_rate:ratio", labels, budget.BurnRate));
        samples.Add(("slo:period_burn_rate:ratio", labels, 1 - budget.Remaining));
        samples.Add(("slo:period_error_budget_remaining:ratio", labels, budget.Remaining));
        samples.Add(("sloth_slo_info", labels.With("sloth_objective", $"{slo.Target * 100:0.######}"), 1));
        foreach (var (name, own, value) in samples)
        {
            if (value is { } number)
                yield return new SeriesSample(own.With(LabelSet.MetricNameLabel, name), new Sample(now.ToUnixTimeMilliseconds(), number));
        }
    }
}
