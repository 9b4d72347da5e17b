using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>An SLO's budget at a time.</summary>
public sealed record ErrorBudget
{
    /// <summary>The SLO.</summary>
    public required string SloId { get; init; }

    /// <summary>When it was computed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Share of good in the window so far; null where there is no data yet.</summary>
    public double? Attainment { get; init; }

    /// <summary>Share of the budget that is left, 1 for all, negative when overspent; null where there is no data yet.</summary>
    public double? Remaining { get; init; }

    /// <summary>Error ratio of the last 5 minutes over the allowed one; null where there is no data.</summary>
    public double? BurnRate { get; init; }

    /// <summary>Alerting windows that burn now, for example <c>1h/5m</c>.</summary>
    public ImmutableArray<string> Burning { get; init; } = [];
}
