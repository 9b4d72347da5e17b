namespace Observability.Metrics;

/// <summary>What the store holds and what it has refused since it was opened.</summary>
public sealed record StoreStatistics
{
    /// <summary>Series at this moment.</summary>
    public required int SeriesCount { get; init; }

    /// <summary>Samples stored.</summary>
    public required long SamplesAppended { get; init; }

    /// <summary>Compressed bytes of sealed chunks.</summary>
    public required long ChunkBytes { get; init; }

    /// <summary>Samples in sealed chunks; <see cref="ChunkBytes"/> over this is the cost of one sample.</summary>
    public required long ChunkSamples { get; init; }

    /// <summary>Samples refused because a newer one is stored.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Samples refused because one of the same time is stored.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Samples refused because their series would exceed the limit.</summary>
    public required long RefusedBySeriesLimit { get; init; }

    /// <summary>Stored rows skipped at opening because they could not be read.</summary>
    public required long CorruptRows { get; init; }

    /// <summary>Batches that are in memory only because the write-ahead buffer was full.</summary>
    public required long UnloggedBatches { get; init; }
}
