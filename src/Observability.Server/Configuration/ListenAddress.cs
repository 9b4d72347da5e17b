using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Observability.Server;

/// <summary>Where the server listens.</summary>
internal sealed record ListenAddress(IPAddress Address, int Port)
{
    /// <summary>True where nobody outside this machine can connect.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>127.0.0.1:7070</c>, <c>[::1]:7070</c>, <c>localhost:7070</c> or <c>0.0.0.0:7070</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ListenAddress? address)
    {
        address = null;
        var written = text.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1" + text[9..] : text;
        if (!IPEndPoint.TryParse(written, out var endpoint) || !written.Contains(':', StringComparison.Ordinal))
            return false;
        address = new ListenAddress(endpoint.Address, endpoint.Port);
        return true;
    }
}
