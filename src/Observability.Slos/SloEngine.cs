using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Slos;

/// <summary>Measures SLOs each minute, keeps their budgets as running sums, and raises burn-rate alerts that name their window.</summary>
public sealed class SloEngine(IReadOnlyList<SloSpec> slos, IQueryEngine queries, ISampleAppender series, ISloOutput output, ILogger<SloEngine> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly SloAccount[] _accounts = [.. slos.Select(slo => new SloAccount(slo))];
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Every budget as of the last evaluation.</summary>
    public ImmutableArray<ErrorBudget> Budgets { get; private set; } = [.. slos.Select(slo => new ErrorBudget { SloId = slo.Id, At = DateTimeOffset.UnixEpoch })];

    /// <summary>Measures, once a minute.</summary>
    public async Task EvaluateDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now < _due)
            return;
        _due = now + Interval;
        foreach (var account in _accounts)
            await MeasureAsync(account, now, cancellationToken);
        Budgets = [.. _accounts.Select(account => Budget(account, now))];
        series.Append(new SampleBatch("slos", now, [.. _accounts.SelectMany((account, i) => Series(account, Budgets[i], now))]));
    }

    /// <summary>Takes a stretch of time out of the account; budgets change at the next evaluation.</summary>
    public void Exclude(BudgetExclusion exclusion)
    {
        ArgumentNullException.ThrowIfNull(exclusion);
        foreach (var account in _accounts.Where(account => account.Spec.Id == exclusion.SloId))
            account.Exclude(exclusion);
    }

    /// <summary>Whether a roll-out may start: while the budget lasts and nothing burns. Null where the SLO is unknown.</summary>
    public GateDecision? Gate(string sloId)
    {
        var budget = Budgets.FirstOrDefault(known => known.SloId == sloId);
        return budget switch
        {
            null => null,
            { Remaining: null } => new GateDecision(true, "no data yet; nothing speaks against it"),
            { Remaining: <= 0 } => new GateDecision(false, string.Create(CultureInfo.InvariantCulture, $"the budget is used up: {budget.Remaining:P1} left")),
            { Burning.IsEmpty: false } => new GateDecision(false, $"the budget burns: {string.Join(", ", budget.Burning)}"),
            _ => new GateDecision(true, string.Create(CultureInfo.InvariantCulture, $"{budget.Remaining:P1} of the budget is left and nothing burns")),
        };
    }

    private async Task MeasureAsync(SloAccount account, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var sli = account.Spec.Indicator;
        if (sli.Threshold is { } threshold)
        {
            if (await ValueAsync(account, threshold, now, cancellationToken) is { } value)
                account.Add(now, Holds(account.Spec, value) ? 1 : 0, 1);
        }
        else if (sli.Total is { } total && await ValueAsync(account, total, now, cancellationToken) is { } all)
        {
            var part = await ValueAsync(account, sli.Good ?? sli.Bad ?? "vector(0)", now, cancellationToken) ?? 0;
            var good = sli.Good is null ? all - part : part;
            if (sli.IsCounter)
                account.AddCounters(now, good, all);
            else if (account.Spec.Method == BudgetingMethod.Timeslices)
                account.Add(now, all > 0 && good / all >= account.Spec.TimeSliceTarget ? 1 : 0, all > 0 ? 1 : 0);
            else
                account.Add(now, good, all);
        }

        var share = account.BudgetShare(now - Interval, now);
        if (share > 0)
            output.Post(new BudgetBurn(account.Spec.Id, now - Interval, now, share));
        foreach (var window in account.Spec.BurnRates)
            Alert(account, window, now);
    }

    private async Task<double?> ValueAsync(SloAccount account, string expression, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var result = await queries.QueryAsync(expression, now, cancellationToken);
        if (result.Error is { } error)
        {
            SlosLog.QueryFailed(logger, account.Spec.Id, expression, error.Message);
            return null;
        }

        return result.Kind == QueryResultKind.Scalar ? result.Scalar.Value
            : result.Vector.Count == 0 ? null
            : result.Vector.Sum(sample => sample.Sample.Value);
    }

    private static bool Holds(SloSpec slo, double value) => slo.ThresholdOperator switch
    {
        "lt" => value < slo.ThresholdValue,
        "lte" => value <= slo.ThresholdValue,
        "gt" => value > slo.ThresholdValue,
        _ => value >= slo.ThresholdValue,
    };

    private static ErrorBudget Budget(SloAccount account, DateTimeOffset now)
    {
        var slo = account.Spec;
        var error = account.ErrorRatio(now, slo.Window);
        var recent = account.ErrorRatio(now, TimeSpan.FromMinutes(5));
        return new ErrorBudget
        {
            SloId = slo.Id,
            At = now,
            Attainment = 1 - error,
            Remaining = error is null ? null : 1 - account.BudgetShare(now - slo.Window, now),
            BurnRate = recent / (1 - slo.Target),
            Burning = [.. account.Burning.Order(StringComparer.Ordinal)],
        };
    }

    private void Alert(SloAccount account, BurnRateWindow window, DateTimeOffset now)
    {
        var name = $"{Short(window.LongWindow)}/{Short(window.ShortWindow)}";
        var bound = window.BurnRate * (1 - account.Spec.Target);
        var (longRatio, shortRatio) = (account.CoveredErrorRatio(now, window.LongWindow), account.ErrorRatio(now, window.ShortWindow));
        var burns = longRatio > bound && shortRatio > bound;
        var was = account.Burning.Contains(name);
        if (!burns && !was)
            return;
        if (burns)
            account.Burning.Add(name);
        else
            account.Burning.Remove(name);
        output.Post(new Alert
        {
            Labels = LabelSet.Of(
                (AlertLabel.Name, "ErrorBudgetBurn"), ("slo", account.Spec.Id), ("window", name), (AlertLabel.Severity, window.Severity),
                (AlertLabel.Role, AlertLabel.RoleSymptom), (AlertLabel.Entity, $"service:slo-{account.Spec.Id}")),
            Annotations = LabelSet.Of(("summary", string.Create(CultureInfo.InvariantCulture, $"{account.Spec.DisplayName} burns its budget at {longRatio / (1 - account.Spec.Target):0.0} times the allowed rate over {Short(window.LongWindow)}"))),
            State = burns ? AlertState.Firing : AlertState.Resolved,
            StartsAt = now,
            UpdatedAt = now,
            EndsAt = burns ? now + (4 * Interval) : now,
            Origin = AlertOrigin.Slo,
            Evidence = [new Evidence(EvidenceKind.Rule, $"budget of {account.Spec.Id}, window {name}", account.Spec.Source.ToString(), now) { Value = longRatio }],
        });
    }

    private static IEnumerable<SeriesSample> Series(SloAccount account, ErrorBudget budget, DateTimeOffset now)
    {
        var slo = account.Spec;
        SeriesSample Sample(string name, double value, string window = "") => new(
            LabelSet.Of((LabelSet.MetricNameLabel, name), ("sloth_id", $"{slo.Service}-{slo.Id}"), ("sloth_service", slo.Service), ("sloth_slo", slo.Id), ("sloth_window", window)),
            new Sample(now.ToUnixTimeMilliseconds(), value));
        yield return Sample("slo:objective:ratio", slo.Target);
        if (account.ErrorRatio(now, TimeSpan.FromMinutes(5)) is { } five)
            yield return Sample("slo:sli_error:ratio_rate5m", five, "5m");
        if (account.ErrorRatio(now, TimeSpan.FromHours(1)) is { } hour)
            yield return Sample("slo:sli_error:ratio_rate1h", hour, "1h");
        if (budget.BurnRate is { } burn)
            yield return Sample("slo:current_burn_rate:ratio", burn);
        if (budget.Remaining is { } remaining)
            yield return Sample("slo:period_error_budget_remaining:ratio", remaining);
    }

    private static string Short(TimeSpan span) => span.TotalDays >= 1 ? $"{span.TotalDays:0}d" : span.TotalHours >= 1 ? $"{span.TotalHours:0}h" : $"{span.TotalMinutes:0}m";
}
