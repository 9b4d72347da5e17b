using System.Net;
using System.Net.Sockets;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Targets from DNS: A, AAAA or SRV records, as Prometheus's dns_sd. A name that cannot be asked keeps the earlier targets.</summary>
public sealed class DnsTargets(DnsQuestion question, IReadOnlyList<RelabelRule> rules, LabelSet defaults) : ITargetSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private ushort _id;

    /// <inheritdoc/>
    public string Name => $"dns {string.Join(',', question.Names)}";

    /// <inheritdoc/>
    public async Task<TargetSet> ReadAsync(CancellationToken cancellationToken)
    {
        var type = question.Type.ToUpperInvariant() switch { "SRV" => DnsMessage.Srv, "AAAA" => DnsMessage.Aaaa, _ => DnsMessage.A };
        var found = new List<LabelSet>();
        foreach (var name in question.Names)
        {
            var (records, error) = await AskAsync(name, type, cancellationToken);
            if (records is null)
                return new TargetSet(null, $"{name}: {error}");
            found.AddRange(records.Select(record => LabelSet.Of(
                ("__address__", $"{record.Host}:{(type == DnsMessage.Srv ? record.Port : question.Port)}"), ("__meta_dns_name", name),
                ("__meta_dns_srv_record_target", type == DnsMessage.Srv ? record.Host : ""))));
        }

        return DiscoveredTargets.Of(found, rules, defaults);
    }

    private async Task<(List<(string Host, int Port)>? Records, string Error)> AskAsync(string name, ushort type, CancellationToken cancellationToken)
    {
        var id = ++_id;
        if (DnsMessage.Ask(id, name, type) is not { } ask)
            return (null, "is no name of a host");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var server = question.Server ?? FromResolvConf();
            using var socket = new UdpClient(server.AddressFamily);
            await socket.SendAsync(ask, server, patience.Token);
            var answer = await socket.ReceiveAsync(patience.Token);
            return (DnsMessage.Read(answer.Buffer, id, type, out var error), error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"no answer within {Patience.TotalSeconds:0} s");
        }
        catch (Exception fault) when (fault is SocketException or IOException)
        {
            return (null, fault.Message);
        }
    }

    private static IPEndPoint FromResolvConf()
    {
        foreach (var line in File.ReadLines("/etc/resolv.conf"))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && IPAddress.TryParse(address, out var server))
                return new IPEndPoint(server, 53);
        }

        throw new IOException("/etc/resolv.conf names no nameserver");
    }
}
