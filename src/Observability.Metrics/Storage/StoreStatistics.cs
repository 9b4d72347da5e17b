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

    /// <summary>Samples stored after newer ones, within the out-of-order window; they count as appended too.</summary>
    public required long Inserted { get; init; }

    /// <summary>Samples that were stored already, with the same value; nothing was done.</summary>
    public required long Repeated { get; init; }

    /// <summary>Samples refused because a newer one is stored and they are older than the window.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Samples refused because they are older than the retention.</summary>
    public required long TooOld { get; init; }

    /// <summary>Samples refused because another value is stored for their time.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Samples refused because their series would exceed the limit.</summary>
    public required long RefusedBySeriesLimit { get; init; }

    /// <summary>Samples refused because their series is new and memory is at its limit.</summary>
    public required long RefusedByMemoryLimit { get; init; }

    /// <summary>Stored rows skipped at opening because they could not be read.</summary>
    public required long CorruptRows { get; init; }

    /// <summary>Batches that are in memory only because the write-ahead buffer was full.</summary>
    public required long UnloggedBatches { get; init; }
}
