using Observability.Collectors;

namespace Observability.Server;

/// <summary>RDMA adapters of the node this process runs on.</summary>
public sealed class RdmaSection
{
    /// <summary>The tree; empty for none.</summary>
    public string Root { get; set; } = "";

    /// <summary>The node it is of; empty for this machine's name.</summary>
    public string Node { get; set; } = "";

    /// <summary>Time between two reads.</summary>
    [Duration("1s", "1h")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Adapters that are not read.</summary>
    public List<string> Exclude { get; set; } = [];

    internal RdmaOptions ToCollector() => new()
    {
        Root = Root,
        Node = Node.Length > 0 ? Node : Environment.MachineName,
        Interval = Interval,
        Exclude = Exclude,
    };
}
