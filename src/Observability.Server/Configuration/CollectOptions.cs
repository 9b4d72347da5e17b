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

    /// <summary>How old a scraped sample may be by the time that its exporter states; one that is older is not taken.</summary>
    [Duration("1s", "24h")]
    public TimeSpan LateAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Scrapes at the same time.</summary>
    [Range(1, 1_024)]
    public int Concurrency { get; set; } = 32;

    /// <summary>Most samples a target may give.</summary>
    [Range(1, 10_000_000)]
    public int SampleLimit { get; set; } = 100_000;

    /// <summary>Most labels of a scraped series, its name and the target's own included; one more fails the scrape. 0 for no limit.</summary>
    [Range(0, 128)]
    public int LabelLimit { get; set; }

    /// <summary>Longest label name in bytes; a longer one fails the scrape. 0 for no limit.</summary>
    [Range(0, 65_536)]
    public int LabelNameLengthLimit { get; set; }

    /// <summary>Longest label value in bytes, the metric name included; a longer one fails the scrape. 0 for no limit.</summary>
    [Range(0, 65_536)]
    public int LabelValueLengthLimit { get; set; }

    /// <summary>Most bytes of a body after decompression; one more fails the scrape.</summary>
    [Range(1_024L, 1_073_741_824L)]
    public long BodySizeLimit { get; set; } = 64L * 1_024 * 1_024;

    /// <summary>Most targets of one source; where there are more, none of them is scraped and all are down. 0 for no limit.</summary>
    [Range(0, 50_000)]
    public int TargetLimit { get; set; }

    /// <summary>Fixed targets.</summary>
    public List<TargetOptions> Targets { get; set; } = [];

    /// <summary>URLs that answer with Prometheus HTTP service discovery.</summary>
    [HttpUrl]
    public List<string> TargetUrls { get; set; } = [];

    /// <summary>Names of all collectors that share the targets; empty where one process scrapes them all.</summary>
    public List<string> Members { get; set; } = [];

    /// <summary>Which of them this process is.</summary>
    public string Member { get; set; } = "";

    /// <summary>Discoveries of targets in files, DNS and Kubernetes, with relabelling.</summary>
    public List<DiscoveryOptions> Discovery { get; set; } = [];

    /// <summary>Relabelling of scraped series, in order.</summary>
    public List<RelabelOptions> MetricRelabel { get; set; } = [];

    /// <summary>What is probed from outside.</summary>
    public List<ProbeTargetOptions> Probes { get; set; } = [];

    /// <summary>File or URL of the topology; empty to learn it from labels.</summary>
    public string Topology { get; set; } = "";

    /// <summary>Kernel logs to follow.</summary>
    public List<LogOptions> KernelLogs { get; set; } = [];

    /// <summary>Training logs to follow.</summary>
    public List<LogOptions> TrainingLogs { get; set; } = [];

    /// <summary>Whether all that progress lines of training logs tell becomes <c>train_*</c> series; else only number and duration of the steps, for jobs that send the rest as OTLP.</summary>
    public bool TrainingLogSamples { get; set; }

    /// <summary>The Kubernetes cluster whose nodes and pods are followed.</summary>
    public KubernetesSection Kubernetes { get; set; } = new();

    /// <summary>The Slurm cluster whose nodes and jobs are followed.</summary>
    public SlurmSection Slurm { get; set; } = new();

    /// <summary>Models of jobs, for MFU and HFU that the frameworks do not print.</summary>
    public List<ModelOptions> Models { get; set; } = [];

    /// <summary>Folders in which the ranks of a job leave their NCCL flight-recorder dumps.</summary>
    public List<LogOptions> FlightRecorders { get; set; } = [];

    /// <summary>URL that lists logs to follow, as the simulator serves it.</summary>
    [HttpUrl]
    public string LogsUrl { get; set; } = "";

    /// <summary>Ascend's table of fault codes; empty to leave error codes of npu-exporter series only.</summary>
    public string AscendFaultCodes { get; set; } = "";

    /// <summary>nvidia-smi of this node.</summary>
    public NvidiaSmiSection NvidiaSmi { get; set; } = new();

    /// <summary>Other tools of this node, and files that its jobs leave.</summary>
    public List<CaptureSourceOptions> Captures { get; set; } = [];

    /// <summary>Where syslog is listened for.</summary>
    public SyslogSection Syslog { get; set; } = new();

    /// <summary>Who calls whom among services.</summary>
    public CallsSection Calls { get; set; } = new();

    /// <summary>RDMA adapters of this node.</summary>
    public RdmaSection Rdma { get; set; } = new();
}
