using Observability.Model;

namespace Observability.Slos;

/// <summary>The budget of one SLO as it is kept over a restart.</summary>
public sealed record LedgerState
{
    /// <summary>The SLO.</summary>
    public required string SloId { get; init; }

    /// <summary>Length of a bucket.</summary>
    public required TimeSpan Bucket { get; init; }

    /// <summary>Number of the first bucket since year 1.</summary>
    public required long FirstBucket { get; init; }

    /// <summary>Good of each bucket, as measured.</summary>
    public required IReadOnlyList<double> Good { get; init; }

    /// <summary>Total of each bucket, as measured.</summary>
    public required IReadOnlyList<double> Total { get; init; }

    /// <summary>What does not count.</summary>
    public required IReadOnlyList<BudgetExclusion> Exclusions { get; init; }

    /// <summary>Alerting windows that burn, with the time they began.</summary>
    public required IReadOnlyDictionary<string, DateTimeOffset> Burning { get; init; }
}
