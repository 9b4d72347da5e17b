namespace Observability.Collectors;

/// <summary>How RDMA adapters of this node are read.</summary>
public sealed class RdmaOptions
{
    /// <summary>The tree, normally <c>/sys/class/infiniband</c>; empty for none.</summary>
    public string Root { get; set; } = "";

    /// <summary>The node it is of.</summary>
    public string Node { get; set; } = "";

    /// <summary>Time between two reads.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Adapters that are not read, by name. Reading the counters of restricted functions, as DGX and GB200 have them, makes the driver
    /// log ACCESS_REG failures.
    /// </summary>
    public IReadOnlyList<string> Exclude { get; set; } = [];
}
