using Observability.Collectors;

namespace Observability.Server;

/// <summary>nvidia-smi of the node this process runs on.</summary>
public sealed class NvidiaSmiSection
{
    /// <summary>Path of the program; empty for none.</summary>
    public string Command { get; set; } = "";

    /// <summary>A file with its output, read in place of running it; empty for none.</summary>
    public string File { get; set; } = "";

    /// <summary>The node it speaks for; empty for this machine's name.</summary>
    public string Node { get; set; } = "";

    /// <summary>Time between two runs.</summary>
    [Duration("1s", "1h")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one run may take.</summary>
    [Duration("1s", "10m")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    internal NvidiaSmiOptions ToCollector() => new()
    {
        Command = Command,
        File = File,
        Node = Node.Length > 0 ? Node : Environment.MachineName,
        Interval = Interval,
        Timeout = Timeout,
    };
}
