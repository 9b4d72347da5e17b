using System.Net;
using System.Net.Sockets;

namespace Observability.Testing;

/// <summary>Addresses of this machine.</summary>
public static class Loopback
{
    /// <summary>A TCP port on 127.0.0.1 that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
