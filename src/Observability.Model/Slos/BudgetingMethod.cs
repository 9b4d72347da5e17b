namespace Observability.Model;

/// <summary>How good and bad are counted (OpenSLO v1).</summary>
public enum BudgetingMethod
{
    /// <summary>Share of good events.</summary>
    Occurrences,

    /// <summary>Share of good time slices.</summary>
    Timeslices,

    /// <summary>Mean of the slices' ratios.</summary>
    RatioTimeslices,
}
