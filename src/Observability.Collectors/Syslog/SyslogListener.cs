using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// Receives syslog over TCP and UDP into an inbox. A TCP sender waits while the inbox is full; a datagram that finds no room is counted
/// and lost, as UDP is.
/// </summary>
public sealed class SyslogListener : IDisposable
{
    private const string Source = "syslog";

    private readonly SyslogOptions _options;
    private readonly KernelInbox _inbox;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener? _tcp;
    private readonly UdpClient? _udp;
    private int _connections;

    private SyslogListener(SyslogOptions options, KernelInbox inbox, ILogger log)
    {
        (_options, _inbox, _log) = (options, inbox, log);
        if (options.Tcp.Length > 0)
        {
            _tcp = new TcpListener(IPEndPoint.Parse(options.Tcp));
            _tcp.Start();
        }

        if (options.Udp.Length > 0)
            _udp = new UdpClient(IPEndPoint.Parse(options.Udp));
    }

    /// <summary>The port that TCP listens on; 0 where it does not.</summary>
    public int TcpPort => (_tcp?.LocalEndpoint as IPEndPoint)?.Port ?? 0;

    /// <summary>The port that UDP listens on; 0 where it does not.</summary>
    public int UdpPort => (_udp?.Client.LocalEndPoint as IPEndPoint)?.Port ?? 0;

    /// <summary>
    /// Listens from now on; null where no address is given.
    /// </summary>
    /// <exception cref="SocketException">The address is in use or not of this machine.</exception>
    /// <exception cref="FormatException">An address is not of the form 127.0.0.1:5514.</exception>
    public static SyslogListener? Start(SyslogOptions options, KernelInbox inbox, Outside outside)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(outside);
        if (options.Tcp.Length == 0 && options.Udp.Length == 0)
            return null;
        var listener = new SyslogListener(options, inbox, outside.Logs.CreateLogger("Observability.Collectors.Syslog"));
        if (listener._tcp is not null)
            _ = Task.Run(listener.AcceptAsync);
        if (listener._udp is not null)
            _ = Task.Run(listener.ReceiveAsync);
        return listener;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _tcp?.Dispose();
        _udp?.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _tcp!.AcceptTcpClientAsync(_stop.Token);
                if (Interlocked.Increment(ref _connections) > _options.Connections)
                {
                    Interlocked.Decrement(ref _connections);
                    CollectorsMetrics.Refused(Source, "connection_limit");
                    client.Dispose();
                    continue;
                }

                _ = Task.Run(() => ServeAsync(client));
            }
            catch (Exception fault) when (IsEnd(fault))
            {
                return;
            }
            catch (SocketException fault)
            {
                CollectorsLog.SyslogFailed(_log, "TCP", fault.Message);
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                var sender = (client.Client.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "";
                var frames = new SyslogFrames(_options.MessageBytes);
                var buffer = new byte[32 * 1_024];
                await using var stream = client.GetStream();
                int count;
                while ((count = await stream.ReadAsync(buffer, _stop.Token)) > 0)
                {
                    var cut = frames.Cut;
                    foreach (var message in frames.Take(buffer.AsSpan(0, count)))
                    {
                        while (!_inbox.TryOffer(message, sender))
                            await _inbox.WaitAsync(_stop.Token);
                    }

                    if (frames.Cut > cut)
                        CollectorsMetrics.Refused(Source, "message_too_long", frames.Cut - cut);
                }
            }
        }
        catch (Exception fault) when (IsEnd(fault) || fault is IOException or SocketException)
        {
            // A sender that goes away, or our own end: what it had sent whole is taken already.
            CollectorsMetrics.Reads(Source, fault is not (IOException or SocketException));
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    }

    private async Task ReceiveAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var datagram = await _udp!.ReceiveAsync(_stop.Token);
                var bytes = datagram.Buffer.AsSpan(0, Math.Min(datagram.Buffer.Length, _options.MessageBytes));
                _inbox.TryOffer(Encoding.UTF8.GetString(bytes).TrimEnd('\n', '\r', '\0'), datagram.RemoteEndPoint.Address.ToString());
            }
            catch (Exception fault) when (IsEnd(fault))
            {
                return;
            }
            catch (SocketException fault)
            {
                // An ICMP answer to something of ours surfaces here; the socket itself lives.
                CollectorsLog.SyslogFailed(_log, "UDP", fault.Message);
            }
        }
    }

    private bool IsEnd(Exception fault) => fault is OperationCanceledException or ObjectDisposedException || _stop.IsCancellationRequested;
}
