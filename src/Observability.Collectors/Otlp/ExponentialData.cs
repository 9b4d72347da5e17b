namespace Observability.Collectors;

/// <summary>The buckets of an exponential histogram as they are sent.</summary>
internal sealed class ExponentialData
{
    public int Scale { get; set; }

    public ulong ZeroCount { get; set; }

    public double ZeroThreshold { get; set; }

    public int PositiveOffset { get; set; }

    public int NegativeOffset { get; set; }

    public List<ulong> Positive { get; } = [];

    public List<ulong> Negative { get; } = [];
}
