namespace Observability.Collectors;

/// <summary>One way in which a target writes a series: where the cache has its bytes, and which series they stand for. Entries lie in one array.</summary>
internal struct CachedSeries
{
    /// <summary>Where the spelling begins in the cache's text.</summary>
    public int Start;

    /// <summary>Its bytes.</summary>
    public int Length;

    /// <summary>Its hash, folded.</summary>
    public int Hash;

    /// <summary>Number of the state of the series.</summary>
    public int Series;

    /// <summary>Next entry of the same bucket; 0 for none.</summary>
    public int Chained;

    /// <summary>The entry that followed in the text last time, 0 for none; targets write the same order again and again.</summary>
    public int Follower;
}
