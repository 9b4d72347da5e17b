namespace Observability.Metrics;

/// <summary>Where samples are kept and for how long.</summary>
public sealed class MetricsOptions
{
    /// <summary>The SQLite file; null keeps samples in memory only.</summary>
    public string? DatabasePath { get; set; }

    /// <summary>Most series at one time; a sample of a further one is refused and counted.</summary>
    public int MaxSeries { get; set; } = 1_000_000;

    /// <summary>
    /// How much older than the newest sample of its series a sample may be and still find its place; zero, as in Prometheus, refuses
    /// every older one.
    /// </summary>
    public TimeSpan OutOfOrderWindow { get; set; }

    /// <summary>Most bytes of memory; at the limit samples of new series are refused and counted, known series go on. 0 for no limit.</summary>
    public long MaxMemoryBytes { get; set; }

    /// <summary>How many bytes of memory are in use: those of the heap after its last collection.</summary>
    public Func<long> MemoryInUse { get; set; } = static () => GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;

    /// <summary>Samples older than this are dropped, and refused when they arrive.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(15);

    /// <summary>Most bytes of sealed chunks, in memory and in the file alike; beyond it the oldest go first, whatever their age.</summary>
    public long MaxChunkBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Samples per chunk before it is sealed.</summary>
    public int SamplesPerChunk { get; set; } = 120;

    /// <summary>Most bytes of batches that wait for the next flush; beyond it batches stay in memory only, and are counted.</summary>
    public long MaxUnflushedBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How often the open chunks are saved, so that the write-ahead rows before them can go.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often retention is applied.</summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Exemplars kept in memory, of all series together; the oldest go first.</summary>
    public int MaxExemplars { get; set; } = 100_000;

    /// <summary>Metric families whose type, help and unit are kept; statements about further ones are refused and counted.</summary>
    public int MaxMetadataFamilies { get; set; } = 50_000;
}
