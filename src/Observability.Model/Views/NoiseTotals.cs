using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>What came in, what was folded away and why.</summary>
/// <param name="AlertsIn">Alert transitions to firing since the journal began.</param>
/// <param name="IncidentsOut">Incidents opened and not merged into others.</param>
/// <param name="Reductions">Marked alerts per reason.</param>
public sealed record NoiseTotals(long AlertsIn, long IncidentsOut, ImmutableSortedDictionary<NoiseReason, long> Reductions)
{
    /// <summary>Nothing yet.</summary>
    public static NoiseTotals Empty { get; } = new(0, 0, ImmutableSortedDictionary<NoiseReason, long>.Empty);

    /// <summary>Share of alerts folded away, in [0, 1]; 0 before the first alert.</summary>
    public double Compression => AlertsIn == 0 ? 0 : 1 - ((double)IncidentsOut / AlertsIn);
}
