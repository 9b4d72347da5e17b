using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>What a body in exposition format held.</summary>
public sealed record ExpositionResult
{
    /// <summary>Lines of any kind.</summary>
    public int Lines { get; init; }

    /// <summary>Lines that held a sample, the dropped ones included.</summary>
    public int Scraped { get; init; }

    /// <summary>Samples dropped because their value means "unknown".</summary>
    public int Unknown { get; init; }

    /// <summary>Samples dropped because relabelling leaves nothing of their series.</summary>
    public int Dropped { get; init; }

    /// <summary>Samples with a time of their own.</summary>
    public int Stated { get; init; }

    /// <summary>Samples that are older by their own time than is allowed, and were not taken.</summary>
    public int Late { get; init; }

    /// <summary>How old the oldest of those is.</summary>
    public TimeSpan Oldest { get; init; }

    /// <summary>Lines refused.</summary>
    public int RefusedCount { get; init; }

    /// <summary>The first refused lines.</summary>
    public ImmutableArray<RefusedLine> Refused { get; init; } = [];

    /// <summary>True where OpenMetrics' end mark was read.</summary>
    public bool Ended { get; init; }

    /// <summary>True where reading stopped at the sample limit.</summary>
    public bool OverLimit { get; init; }

    /// <summary>Type, help and unit of families, where the body says something that it did not say before.</summary>
    public IReadOnlyList<MetricMetadata> Metadata { get; init; } = [];

    /// <summary>Exemplars of OpenMetrics samples.</summary>
    public IReadOnlyList<SeriesExemplar> Exemplars { get; init; } = [];
}
