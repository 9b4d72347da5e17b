using System.ComponentModel.DataAnnotations;

namespace Observability.Server;

/// <summary>What is read, and how often.</summary>
public sealed class CollectOptions
{
    /// <summary>Time between two scrapes of a target.</summary>
    [Duration("1s", "1h")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a scrape may take.</summary>
    [Duration("100ms", "10m")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Scrapes at the same time.</summary>
    [Range(1, 1_024)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Most samples a target may give.</summary>
    [Range(1, 10_000_000)]
    public int SampleLimit { get; set; } = 100_000;

    /// <summary>Fixed targets.</summary>
    public List<TargetOptions> Targets { get; set; } = [];

    /// <summary>URLs that answer with Prometheus HTTP service discovery.</summary>
    [HttpUrl]
    public List<string> TargetUrls { get; set; } = [];

    /// <summary>File or URL of the topology; empty to learn it from labels.</summary>
    public string Topology { get; set; } = "";

    /// <summary>Kernel logs to follow.</summary>
    public List<LogOptions> KernelLogs { get; set; } = [];

    /// <summary>Training logs to follow.</summary>
    public List<LogOptions> TrainingLogs { get; set; } = [];

    /// <summary>Whether progress lines of training logs become <c>train_*</c> series: only for jobs that send no OTLP, or each step counts twice.</summary>
    public bool TrainingLogSamples { get; set; }

    /// <summary>URL that lists logs to follow, as the simulator serves it.</summary>
    [HttpUrl]
    public string LogsUrl { get; set; } = "";
}
