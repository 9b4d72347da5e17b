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

    /// <summary>Whether PromQL may use the functions and aggregators that Prometheus keeps behind a flag: <c>limitk</c>, <c>info</c>, <c>mad_over_time</c> and others.</summary>
    public bool ExperimentalFunctions { get; set; }

    /// <summary>Whether metric names are dropped at the end of a query instead of at once, which Prometheus keeps behind a flag.</summary>
    public bool DelayedNameRemoval { get; set; }

    /// <summary>Whether ranges and lookback are closed on the left, as Prometheus 2.x evaluated.</summary>
    public bool LeftClosedRanges { get; set; }

    /// <summary>The same for the embedded engine.</summary>
    internal QueryOptions ToQueries() => new()
    {
        ExperimentalFunctions = ExperimentalFunctions,
        DelayedNameRemoval = DelayedNameRemoval,
        LeftClosedRanges = LeftClosedRanges,
    };

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
