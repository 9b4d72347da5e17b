using Observability.Model;

namespace Observability.Slos;

/// <summary>
/// One SLO's running sums: good and total per minute. Any window is a difference of two prefix sums, so exclusions and
/// long windows cost the same as short ones.
/// </summary>
internal sealed class SloAccount(SloSpec spec)
{
    private readonly SortedDictionary<long, (double Good, double Total)> _minutes = [];
    private readonly List<BudgetExclusion> _exclusions = [];
    private (double Good, double Total)? _lastCounters;

    public SloSpec Spec { get; } = spec;

    public HashSet<string> Burning { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds counters' growth since the last call; a counter that went down has begun anew.</summary>
    public void AddCounters(DateTimeOffset at, double good, double total)
    {
        if (_lastCounters is { } last)
        {
            var totalGrowth = total >= last.Total ? total - last.Total : total;
            var goodGrowth = good >= last.Good ? good - last.Good : good;
            Add(at, Math.Min(goodGrowth, totalGrowth), totalGrowth);
        }

        _lastCounters = (good, total);
    }

    public void Add(DateTimeOffset at, double good, double total)
    {
        var minute = at.ToUnixTimeSeconds() / 60;
        var (soFarGood, soFarTotal) = _minutes.GetValueOrDefault(minute);
        _minutes[minute] = (soFarGood + good, soFarTotal + total);
        var oldest = minute - (long)(Spec.Window.TotalMinutes * 2);
        while (_minutes.Count > 0 && _minutes.First().Key < oldest)
            _minutes.Remove(_minutes.First().Key);
    }

    public void Exclude(BudgetExclusion exclusion) => _exclusions.Add(exclusion);

    /// <summary>Share of bad over a window; null where nothing was counted.</summary>
    public double? ErrorRatio(DateTimeOffset now, TimeSpan window)
    {
        var (good, total) = Sum(now - window, now);
        return total <= 0 ? null : 1 - (good / total);
    }

    /// <summary>
    /// The same as if the part of the window that was not measured had been good: an SLO that has just begun does not
    /// page for its first bad minute.
    /// </summary>
    public double? CoveredErrorRatio(DateTimeOffset now, TimeSpan window)
    {
        var first = (now - window).ToUnixTimeSeconds() / 60;
        var counted = _minutes.Count(minute => minute.Key > first && minute.Value.Total > 0);
        return ErrorRatio(now, window) * Math.Min(1, counted / window.TotalMinutes);
    }

    /// <summary>Share of the whole budget that a stretch of time used: its bad over what the window may have of it.</summary>
    public double BudgetShare(DateTimeOffset from, DateTimeOffset to)
    {
        var (good, total) = Sum(from, to);
        if (total <= 0)
            return 0;
        // A budget is a share of the window's time: an hour of nothing but errors uses an hour of it.
        return (1 - (good / total)) * ((to - from) / Spec.Window) / (1 - Spec.Target);
    }

    private (double Good, double Total) Sum(DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (from.ToUnixTimeSeconds() / 60, to.ToUnixTimeSeconds() / 60);
        var (good, total) = (0.0, 0.0);
        foreach (var (minute, sums) in _minutes)
        {
            if (minute <= first || minute > last || IsExcluded(minute))
                continue;
            good += sums.Good;
            total += sums.Total;
        }

        return (good, total);
    }

    private bool IsExcluded(long minute)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(minute * 60);
        return _exclusions.Exists(exclusion => exclusion.From <= at && at < exclusion.To);
    }
}
