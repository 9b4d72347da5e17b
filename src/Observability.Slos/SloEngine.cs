using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Slos;

/// <summary>
/// Measures SLOs on a tick, keeps their budgets as running sums, raises burn-rate alerts that name their window, and says
/// whether a roll-out may start. Reading is safe from any thread; evaluations follow one another.
/// </summary>
public sealed class SloEngine
{
    private readonly Lock _gate = new();
    private readonly SloOptions _options;
    private readonly ISampleAppender _series;
    private readonly ISloOutput _output;
    private readonly ILogger _logger;
    private readonly (SloAccount Account, Indicator Indicator)[] _slos;
    private DateTimeOffset _last = DateTimeOffset.MinValue;
    private volatile ErrorBudget[] _budgets;

    /// <summary>An engine with empty budgets.</summary>
    /// <param name="slos">The objectives.</param>
    /// <param name="queries">Answers their expressions.</param>
    /// <param name="series">Takes the <c>slo:</c> series.</param>
    /// <param name="output">Takes alerts and burns.</param>
    /// <param name="logger">For failing queries.</param>
    /// <param name="options">Null for the defaults.</param>
    public SloEngine(
        IReadOnlyList<SloSpec> slos, IQueryEngine queries, ISampleAppender series, ISloOutput output, ILogger<SloEngine> logger, SloOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(slos);
        _options = options ?? new SloOptions();
        (_series, _output, _logger) = (series, output, logger);
        _slos = [.. slos.OrderBy(slo => slo.Id, StringComparer.Ordinal).Select(slo =>
            (new SloAccount(slo, _options), new Indicator(slo, queries, _options, logger)))];
        _budgets = [.. _slos.Select(slo => slo.Account.Budget(DateTimeOffset.UnixEpoch))];
    }

    /// <summary>Every budget as of the last evaluation, by id; values are null where there is no data yet.</summary>
    public ImmutableArray<ErrorBudget> Budgets => [.. _budgets];

    /// <summary>Measures where the interval has passed since the last time.</summary>
    public Task EvaluateDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        now - _options.Interval >= _last ? EvaluateAsync(now, cancellationToken) : Task.CompletedTask;

    /// <summary>Measures every SLO, posts burns and alerts, and writes the series. Time must not go back.</summary>
    public async Task EvaluateAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now <= _last)
            return;
        _last = now;
        foreach (var (account, indicator) in _slos)
        {
            var measured = await indicator.MeasureAsync(now, cancellationToken);
            SloMetrics.Evaluations.Add(1);
            lock (_gate)
            {
                account.Ledger.Advance(now);
                account.Ledger.Add(measured ?? default);
                Post(account, now);
            }
        }

        lock (_gate)
        {
            Publish(now);
            _series.Append(new SampleBatch("slos", now, [.. _slos.SelectMany((slo, i) => SloSeries.Of(slo.Account, _budgets[i], now))]));
        }
    }

    /// <summary>Takes a stretch of time out of a budget, also afterwards; budgets are computed again at once.</summary>
    public CommandOutcome Exclude(BudgetExclusion exclusion)
    {
        ArgumentNullException.ThrowIfNull(exclusion);
        lock (_gate)
        {
            if (Find(exclusion.SloId) is not { } account)
                return CommandOutcome.Refused($"there is no SLO '{exclusion.SloId}'");
            if (exclusion.To <= exclusion.From)
                return CommandOutcome.Refused($"the exclusion ends at {exclusion.To:O}, before it begins at {exclusion.From:O}");
            if (account.Ledger.Exclusions.Count >= _options.MaximumExclusions)
                return CommandOutcome.Refused($"{exclusion.SloId} has {_options.MaximumExclusions} exclusions already");
            account.Ledger.Exclude(exclusion);
            if (_last > DateTimeOffset.MinValue)
                Publish(_last);
            return CommandOutcome.Ok();
        }
    }

    /// <summary>Whether a roll-out or a risky run may start; null where the SLO is unknown.</summary>
    public GateDecision? Gate(string sloId)
    {
        lock (_gate)
        {
            if (Find(sloId) is not { } account)
                return null;
            var budget = _budgets.First(known => known.SloId == sloId);
            var left = string.Create(CultureInfo.InvariantCulture, $"{budget.Remaining * 100:0.0} % of the budget is left");
            if (budget.Remaining is null)
                return new GateDecision(false, "there is no data yet, and unknown is not healthy");
            if (account.GateIsClosed)
                return new GateDecision(false, $"{left}; the gate opens above {(_options.GateReopensAt * 100).ToString(CultureInfo.InvariantCulture)} %");
            return budget.Burning.IsEmpty
                ? new GateDecision(true, $"{left} and nothing burns")
                : new GateDecision(false, $"{left}, but it burns over {string.Join(" and ", budget.Burning)}");
        }
    }

    /// <summary>The budgets, to be kept over a restart.</summary>
    public SloState Export()
    {
        lock (_gate)
            return new SloState([.. _slos.Select(slo => slo.Account.Export())]);
    }

    /// <summary>Takes up kept budgets. One whose bucket length no longer fits its SLO is left empty, with a warning.</summary>
    public void Import(SloState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_gate)
        {
            foreach (var ledger in state.Ledgers)
            {
                if (Find(ledger.SloId) is not { } account)
                    continue;
                if (account.Ledger.Length == ledger.Bucket)
                    account.Import(ledger);
                else
                    SloLog.StateIgnored(_logger, ledger.SloId, ledger.Bucket, account.Ledger.Length);
            }
        }
    }

    private void Post(SloAccount account, DateTimeOffset now)
    {
        foreach (var burn in account.TakeBurns(now))
            _output.Post(burn);
        foreach (var row in account.Spec.BurnRates)
        {
            var name = BurnAlert.NameOf(row);
            if (account.Burns(row, name, now))
                _output.Post(BurnAlert.Of(account, row, account.Burning[name], burns: true, now));
            else if (account.Extinguish(name) is { } since)
                _output.Post(BurnAlert.Of(account, row, since, burns: false, now));
        }
    }

    private void Publish(DateTimeOffset now)
    {
        _budgets = [.. _slos.Select(slo => slo.Account.Budget(now))];
        foreach (var ((account, _), budget) in _slos.Zip(_budgets))
            account.MoveGate(budget);
    }

    private SloAccount? Find(string sloId) => _slos.FirstOrDefault(slo => slo.Account.Spec.Id == sloId).Account;
}
