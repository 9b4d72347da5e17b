namespace Observability.Server;

/// <summary>Where syslog of the nodes' kernels is listened for.</summary>
public sealed class SyslogSection
{
    /// <summary>Address and port for TCP; empty for none.</summary>
    [SocketAddress]
    public string Tcp { get; set; } = "";

    /// <summary>Address and port for UDP; empty for none.</summary>
    [SocketAddress]
    public string Udp { get; set; } = "";
}
