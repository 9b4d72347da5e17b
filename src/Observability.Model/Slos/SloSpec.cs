using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>A service level objective as an operator wrote it.</summary>
public sealed record SloSpec
{
    /// <summary>Name, unique in the installation.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The service it belongs to.</summary>
    public required string Service { get; init; }

    /// <summary>What it promises, in a sentence.</summary>
    public string Description { get; init; } = "";

    /// <summary>How it measures.</summary>
    public required SliSpec Indicator { get; init; }

    /// <summary>Objective in [0, 1).</summary>
    public required double Target { get; init; }

    /// <summary>Length of the rolling window, or of the calendar period.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>Start of the first calendar period; null for a rolling window.</summary>
    public DateTimeOffset? CalendarStart { get; init; }

    /// <summary>Calendar months of a period that is written in months, quarters or years; 0 where <see cref="Window"/> is exact.</summary>
    public int CalendarMonths { get; init; }

    /// <summary>How good and bad are counted.</summary>
    public BudgetingMethod Method { get; init; } = BudgetingMethod.Occurrences;

    /// <summary>Share of a slice that must be good, in (0, 1].</summary>
    public double TimeSliceTarget { get; init; } = 1;

    /// <summary>Length of a slice.</summary>
    public TimeSpan TimeSlice { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For threshold metrics: <c>lt</c>, <c>lte</c>, <c>gt</c> or <c>gte</c>.</summary>
    public string ThresholdOperator { get; init; } = "";

    /// <summary>For threshold metrics: the bound, in the metric's unit.</summary>
    public double ThresholdValue { get; init; }

    /// <summary>When to page and when to open a ticket.</summary>
    public ImmutableArray<BurnRateWindow> BurnRates { get; init; } = [];

    /// <summary>Where it is written.</summary>
    public required SourceLine Source { get; init; }
}
