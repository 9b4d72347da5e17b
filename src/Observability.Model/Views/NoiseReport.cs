using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>What came in, what a person was told, what every rule was worth, and what to change about the rules.</summary>
public sealed record NoiseReport
{
    /// <summary>Time of the first record; null in an empty journal.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Time of the report.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>Changes of alerts to firing.</summary>
    public long AlertsIn { get; init; }

    /// <summary>Incidents opened and not merged into others.</summary>
    public long IncidentsOut { get; init; }

    /// <summary>Share of alerts folded away, in [0, 1]; 0 before the first alert.</summary>
    public double Compression { get; init; }

    /// <summary>Times somebody was told of an incident as something new.</summary>
    public long Pages { get; init; }

    /// <summary>Marked alerts per reason.</summary>
    public ImmutableSortedDictionary<NoiseReason, long> Reductions { get; init; } = ImmutableSortedDictionary<NoiseReason, long>.Empty;

    /// <summary>Firings that pairs and suggestions were worked out from: the latest ones.</summary>
    public int Remembered { get; init; }

    /// <summary>Rules and detectors, the busiest first.</summary>
    public ImmutableArray<RuleNoise> Rules { get; init; } = [];

    /// <summary>Rules that fire together.</summary>
    public ImmutableArray<RulePair> Duplicates { get; init; } = [];

    /// <summary>What to change, with the counts that argue for it.</summary>
    public ImmutableArray<RuleSuggestion> Suggestions { get; init; } = [];
}
