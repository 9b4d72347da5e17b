using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>What became of a batch.</summary>
/// <param name="Stored">Samples stored, those included that were stored already with the same value.</param>
/// <param name="Refused">Samples not stored.</param>
/// <param name="First">The first refused ones, at most <see cref="FirstKept"/>.</param>
public sealed record AppendReport(long Stored, long Refused, ImmutableArray<RefusedSample> First)
{
    /// <summary>How many refused samples a report names.</summary>
    public const int FirstKept = 10;
}
