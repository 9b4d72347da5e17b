namespace Observability.Simulator;

/// <summary>Limits and constants of the simulated Kubernetes API server.</summary>
public sealed class KubernetesOptions
{
    /// <summary>Changes kept per kind for watches; an older watch gets 410 Gone.</summary>
    public int HistoryLimit { get; set; } = 4096;

    /// <summary>Events kept; the oldest goes first.</summary>
    public int EventLimit { get; set; } = 2000;

    /// <summary>Objects of one kind that clients may create.</summary>
    public int ObjectLimit { get; set; } = 10_000;

    /// <summary>Cordon changes kept; the oldest goes first.</summary>
    public int CordonLimit { get; set; } = 10_000;

    /// <summary>Watches served at once; one more gets 429.</summary>
    public int WatchLimit { get; set; } = 256;

    /// <summary>Largest request body.</summary>
    public int BodyLimitBytes { get; set; } = 3 * 1024 * 1024;

    /// <summary>How often an idle watch looks at the fleet.</summary>
    public TimeSpan WatchPoll { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a watch that asked for bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest watch when the client names no limit.</summary>
    public TimeSpan WatchTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often a kubelet renews its node's Lease.</summary>
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an owner without pods (a finished Job) stays listed.</summary>
    public TimeSpan OwnerRetention { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>GPUs a node offers as nvidia.com/gpu.</summary>
    public int GpusPerNode { get; set; } = 8;

    /// <summary>Version reported at /version and by kubelets.</summary>
    public string GitVersion { get; set; } = "v1.32.4";
}
