namespace Observability.Collectors;

/// <summary>The bytes of a series as a target writes it, and the series they stand for.</summary>
internal sealed class CachedSeries(ArraySegment<byte> raw, ulong hash, SeriesState state)
{
    private readonly ArraySegment<byte> _raw = raw;

    public ReadOnlySpan<byte> Raw => _raw;

    public ulong Hash { get; } = hash;

    public SeriesState State { get; } = state;

    /// <summary>Next entry of the same bucket.</summary>
    public CachedSeries? Chained { get; set; }

    /// <summary>The series that followed in the text last time; targets write the same order again and again.</summary>
    public CachedSeries? Follower { get; set; }
}
