namespace Observability.Collectors;

/// <summary>Where syslog is listened for.</summary>
public sealed class SyslogOptions
{
    /// <summary>Address and port for TCP; empty for none.</summary>
    public string Tcp { get; set; } = "";

    /// <summary>Address and port for UDP; empty for none.</summary>
    public string Udp { get; set; } = "";

    /// <summary>Longest message in bytes; a longer one is cut and counted.</summary>
    public int MessageBytes { get; set; } = 64 * 1_024;

    /// <summary>Most TCP connections at once; a further one is closed.</summary>
    public int Connections { get; set; } = 4_096;
}
