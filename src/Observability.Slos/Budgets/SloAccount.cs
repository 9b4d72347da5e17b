using Observability.Model;

namespace Observability.Slos;

/// <summary>
/// One SLO with its ledger: ratios, burn rates and what is left. A share of the budget is weighed by time: an hour at burn
/// rate r uses r hours' worth of the window, and a window that is not filled yet counts as unburnt for the rest. For a
/// filled window this is 1 - error ratio / budget (SRE workbook, chapter 5).
/// </summary>
internal sealed class SloAccount(SloSpec slo, SloOptions options)
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);
    private readonly SortedDictionary<string, DateTimeOffset> _burning = new(StringComparer.Ordinal);

    public SloSpec Spec => slo;

    public BudgetLedger Ledger { get; } = new(slo, options);

    public IReadOnlyDictionary<string, DateTimeOffset> Burning => _burning;

    /// <summary>End of the last stretch whose burn was posted.</summary>
    public DateTimeOffset? BurnsPostedTo { get; private set; }

    /// <summary>True where the budget is used up, or was and has not recovered enough.</summary>
    public bool GateIsClosed { get; private set; }

    /// <summary>Share of errors that is allowed.</summary>
    public double Allowed => 1 - slo.Target;

    /// <summary>Error ratio of the last stretch of time; null where nothing was measured in it.</summary>
    public double? ErrorRatio(DateTimeOffset now, TimeSpan window)
    {
        // A window shorter than a bucket would be empty most of the time; the open slice does not count yet.
        var length = window < Ledger.Length ? Ledger.Length : window;
        var end = slo.Method == BudgetingMethod.Occurrences ? now + TimeSpan.FromTicks(1) : Ledger.StartOf(Ledger.IndexOf(now));
        return Ratio(Ledger.Sum(end - length, end));
    }

    /// <summary>Share of the whole budget that was used in [from, to); 0 where nothing was measured.</summary>
    public double BudgetShare(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        // Widened to whole buckets: what is shorter than one has its ratio.
        var begin = Ledger.StartOf(Ledger.IndexOf(from));
        if (to <= from || Ratio(Ledger.Sum(begin, to)) is not { } ratio)
            return 0;
        return ratio / Allowed * ((to - from) / PeriodLength(now));
    }

    /// <summary>Burn of each bucket that has ended since the last call, where it used any of the budget.</summary>
    public IEnumerable<BudgetBurn> TakeBurns(DateTimeOffset now)
    {
        var end = Ledger.StartOf(Ledger.IndexOf(now));
        var from = BurnsPostedTo ?? Ledger.Since ?? end;
        BurnsPostedTo = end;
        if (end - from > slo.Window)
            from = end - slo.Window;
        for (; from < end; from += Ledger.Length)
        {
            var share = BudgetShare(from, from + Ledger.Length, now);
            if (share > 0)
                yield return new BudgetBurn(slo.Id, from, from + Ledger.Length, share);
        }
    }

    /// <summary>Whether a row burns. Without data in either window it stays as it was: unknown is no recovery.</summary>
    public bool Burns(BurnRateWindow row, string name, DateTimeOffset now)
    {
        var bound = row.BurnRate * Allowed;
        var (longRatio, shortRatio) = (ErrorRatio(now, row.LongWindow), ErrorRatio(now, row.ShortWindow));
        var burns = longRatio is null || shortRatio is null ? _burning.ContainsKey(name)
            : longRatio > bound && shortRatio > bound && IsFilled(row, now);
        if (burns)
            _burning.TryAdd(name, now);
        return burns;
    }

    public DateTimeOffset? Extinguish(string name) => _burning.Remove(name, out var since) ? since : null;

    public ErrorBudget Budget(DateTimeOffset now)
    {
        var from = PeriodStart(now);
        // Whole buckets: the one that has begun counts, a slice only once it has ended.
        var end = Ledger.StartOf(Ledger.IndexOf(now) + (slo.Method == BudgetingMethod.Occurrences ? 1 : 0));
        var error = Ratio(Ledger.Sum(from, end));
        var since = Ledger.Since is { } first && first > from ? first : from;
        return new ErrorBudget
        {
            SloId = slo.Id,
            At = now,
            Attainment = 1 - error,
            Remaining = error is null ? null : 1 - (error / Allowed * Math.Min(1, (end - since) / PeriodLength(now))),
            BurnRate = ErrorRatio(now, Recent) / Allowed,
            Burning = [.. _burning.Keys],
        };
    }

    /// <summary>The gate closes when the budget is used up, and opens again only once enough of it is back.</summary>
    public void MoveGate(ErrorBudget budget) => GateIsClosed = budget.Remaining <= (GateIsClosed ? options.GateReopensAt : 0);

    public DateTimeOffset PeriodStart(DateTimeOffset now) => Period(now).Start;

    public LedgerState Export() => Ledger.Export(slo.Id, _burning);

    public void Import(LedgerState state)
    {
        Ledger.Import(state);
        // The newest bucket was still open when it was kept; those before it have been posted.
        BurnsPostedTo = Ledger.Newest;
        _burning.Clear();
        foreach (var (name, since) in state.Burning)
            _burning[name] = since;
    }

    // A young ledger says nothing about a long window: the first bad minute is not three bad days.
    private bool IsFilled(BurnRateWindow row, DateTimeOffset now) =>
        Ledger.Since is { } since && now - since >= (row.LongWindow / 12 is var twelfth && twelfth > row.ShortWindow ? row.ShortWindow : twelfth);

    private TimeSpan PeriodLength(DateTimeOffset now)
    {
        var (start, end) = Period(now);
        return end - start;
    }

    private (DateTimeOffset Start, DateTimeOffset End) Period(DateTimeOffset now)
    {
        if (slo.CalendarStart is not { } start)
            return (now - slo.Window, now);
        if (slo.CalendarMonths == 0)
        {
            var periods = Math.Floor((now - start) / slo.Window);
            return (start + (slo.Window * periods), start + (slo.Window * (periods + 1)));
        }

        var local = now.ToOffset(start.Offset);
        var count = (((local.Year - start.Year) * 12) + local.Month - start.Month) / slo.CalendarMonths;
        while (start.AddMonths(count * slo.CalendarMonths) > now)
            count--;
        while (start.AddMonths((count + 1) * slo.CalendarMonths) <= now)
            count++;
        return (start.AddMonths(count * slo.CalendarMonths), start.AddMonths((count + 1) * slo.CalendarMonths));
    }

    private static double? Ratio(Measurement sum) => sum.Total > 0 ? (sum.Total - sum.Good) / sum.Total : null;
}
