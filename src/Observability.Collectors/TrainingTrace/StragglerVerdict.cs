using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>What the steps of a job would have taken had parts of it not been slow.</summary>
/// <param name="Cause">The cause that explains most of the slowdown.</param>
/// <param name="Slowdown">S: mean step time without launch delays over the mean ideal step time; 1 is ideal.</param>
public sealed record StragglerVerdict(StragglerCause Cause, double Slowdown)
{
    /// <summary>The slow workers, the slowest first; empty unless they are the cause.</summary>
    public ImmutableArray<TraceWorker> Workers { get; init; } = [];

    /// <summary>The slow stage, from 0; null unless it is the cause.</summary>
    public int? Stage { get; init; }

    /// <summary>Mean step time without launch delays, in seconds.</summary>
    public double StepSeconds { get; init; }

    /// <summary>Mean ideal step time, in seconds.</summary>
    public double IdealSeconds { get; init; }

    /// <summary>M_W: share of the slowdown that goes when the worst 3 % of the workers take ideal time.</summary>
    public double WorstWorkersShare { get; init; }

    /// <summary>M_S: share of the slowdown that goes when the last stage takes ideal time.</summary>
    public double LastStageShare { get; init; }

    /// <summary>For each cause the share of the slowdown that goes with it alone.</summary>
    public ImmutableSortedDictionary<StragglerCause, double> Shares { get; init; } = ImmutableSortedDictionary<StragglerCause, double>.Empty;

    /// <summary>How alike the forward and backward times of a worker's micro-batches vary: Pearson's r, -1 to 1.</summary>
    public double PassCorrelation { get; init; }

    /// <summary>S_t: the slowdown that remains where only one type of operation keeps its times, by type; sends and receives of a direction are one.</summary>
    public ImmutableSortedDictionary<string, double> ByType { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>Likewise by data-parallel rank.</summary>
    public ImmutableSortedDictionary<int, double> ByDataParallelRank { get; init; } = ImmutableSortedDictionary<int, double>.Empty;

    /// <summary>Likewise by stage.</summary>
    public ImmutableSortedDictionary<int, double> ByStage { get; init; } = ImmutableSortedDictionary<int, double>.Empty;

    /// <summary>The observations that led to it, as sentences with numbers.</summary>
    public ImmutableArray<string> Evidence { get; init; } = [];
}
