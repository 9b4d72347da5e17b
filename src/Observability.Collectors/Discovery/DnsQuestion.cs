using System.Net;

namespace Observability.Collectors;

/// <summary>What names are asked, and whom.</summary>
/// <param name="Names">The names.</param>
/// <param name="Type"><c>A</c>, <c>AAAA</c> or <c>SRV</c>.</param>
/// <param name="Port">The port of targets found by address; SRV records bring their own.</param>
/// <param name="Server">The server to ask; null for the first of <c>/etc/resolv.conf</c>.</param>
public sealed record DnsQuestion(IReadOnlyList<string> Names, string Type, int Port, IPEndPoint? Server = null);
