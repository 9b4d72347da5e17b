using System.ComponentModel.DataAnnotations;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>Where series live.</summary>
public sealed class SeriesOptions
{
    /// <summary>How long samples are kept.</summary>
    [Duration("1h", "3650d")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(15);

    /// <summary>Most series; at the limit new ones are refused and counted.</summary>
    [Range(1_000, 100_000_000)]
    public int MaximumSeries { get; set; } = 5_000_000;

    /// <summary>Most bytes of sealed chunks, in memory and in the file alike; beyond it the oldest go first, whatever their age.</summary>
    [Range(1_048_576L, 1_099_511_627_776L)]
    public long MaximumBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Most bytes of the heap; at the limit new series are refused and counted, known ones go on. 0 for no limit.</summary>
    [Range(0L, 1_099_511_627_776L)]
    public long MaximumMemoryBytes { get; set; }

    /// <summary>How much older than the newest sample of its series a pushed sample may be; 0s refuses every older one.</summary>
    [Duration("0s", "7d")]
    public TimeSpan OutOfOrderWindow { get; set; }

    /// <summary>A server that speaks the Prometheus HTTP API, asked in place of the embedded store; empty for the embedded one.</summary>
    [HttpUrl]
    public string RemoteUrl { get; set; } = "";

    /// <summary>The same for the store.</summary>
    /// <param name="state">Folder of the file; empty for memory only.</param>
    internal MetricsOptions ToStore(string state) => new()
    {
        DatabasePath = state.Length == 0 ? null : Path.Combine(state, "series.db"),
        Retention = Retention,
        MaxSeries = MaximumSeries,
        MaxChunkBytes = MaximumBytes,
        MaxMemoryBytes = MaximumMemoryBytes,
        OutOfOrderWindow = OutOfOrderWindow,
    };
}
