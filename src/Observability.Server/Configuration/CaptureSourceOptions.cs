using Observability.Collectors;

namespace Observability.Server;

/// <summary>A command or files of this node whose content <c>replay</c> could read.</summary>
public sealed class CaptureSourceOptions
{
    /// <summary>File name under which the output of the command is read.</summary>
    public string Name { get; set; } = "";

    /// <summary>Program and arguments.</summary>
    public List<string> Command { get; set; } = [];

    /// <summary>Files to read when they appear or change.</summary>
    public string Files { get; set; } = "";

    /// <summary>The node it speaks for; empty for this machine's name.</summary>
    public string Node { get; set; } = "";

    /// <summary>Time between two runs or looks.</summary>
    [Duration("1s", "24h")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a run may take.</summary>
    [Duration("1s", "10m")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    internal CaptureSource ToCollector() => new()
    {
        Name = Name,
        Command = Command,
        Files = Files,
        Node = Node.Length > 0 ? Node : Environment.MachineName,
        Interval = Interval,
        Timeout = Timeout,
    };
}
