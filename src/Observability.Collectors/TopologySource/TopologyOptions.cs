namespace Observability.Collectors;

/// <summary>How the topology is read.</summary>
public sealed class TopologyOptions
{
    /// <summary>Path of a file or an http URL.</summary>
    public string Location { get; set; } = "";

    /// <summary>Time between two reads; jobs come and go.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one read may take.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of the document.</summary>
    public long BodyLimitBytes { get; set; } = 256L * 1_024 * 1_024;
}
