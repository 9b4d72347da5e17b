using System.Net;
using System.Net.Sockets;

namespace Observability.Collectors.Tests;

public sealed class ProbeTests
{
    private readonly World _world = new();

    [Fact]
    public async Task Probes_OfEveryKind_TellSuccessAndFailure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _world.Answer = request => new HttpResponseMessage(request.RequestUri!.AbsolutePath == "/ok" ? HttpStatusCode.OK : HttpStatusCode.BadGateway);
        var loop = new ProbeLoop(new ProbeOptions
        {
            Targets =
            [
                new(ProbeKind.Http, "http://web/ok", "probe", "n1"), new(ProbeKind.Http, "http://web/down", "probe", ""),
                new(ProbeKind.Tcp, $"127.0.0.1:{port}", "probe", ""), new(ProbeKind.Tcp, "127.0.0.1:1", "probe", ""), new(ProbeKind.Tcp, "nonsense", "probe", ""),
            ],
        }, _world, _world.Outside);

        await loop.RunDueAsync(World.Start, CancellationToken.None);
        await loop.RunDueAsync(World.Start.AddSeconds(5), CancellationToken.None);

        var shown = World.Show(Assert.Single(_world.Batches));
        Assert.Equal(
            ["probe_success{instance=\"http://web/ok\", job=\"probe\", node=\"n1\"} 1", "probe_http_status_code{instance=\"http://web/ok\", job=\"probe\", node=\"n1\"} 200",
                "probe_success{instance=\"http://web/down\", job=\"probe\"} 0", "probe_http_status_code{instance=\"http://web/down\", job=\"probe\"} 502",
                $"probe_success{{instance=\"127.0.0.1:{port}\", job=\"probe\"}} 1", "probe_success{instance=\"127.0.0.1:1\", job=\"probe\"} 0", "probe_success{instance=\"nonsense\", job=\"probe\"} 0"],
            shown.Where(line => !line.StartsWith("probe_duration", StringComparison.Ordinal)));
        Assert.Equal(5, shown.Count(line => line.StartsWith("probe_duration_seconds", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Ping_OfThisMachineAndOfNoAddress_TellsWhichAnswers()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "raw sockets want root");
        var loop = new ProbeLoop(
            new ProbeOptions { Targets = [new(ProbeKind.Icmp, "127.0.0.1", "ping", "n1"), new(ProbeKind.Icmp, "nowhere.invalid", "ping", "")] }, _world, _world.Outside);

        await loop.RunDueAsync(World.Start, CancellationToken.None);

        Assert.Equal(
            ["probe_success{instance=\"127.0.0.1\", job=\"ping\", node=\"n1\"} 1", "probe_success{instance=\"nowhere.invalid\", job=\"ping\"} 0"],
            World.Show(Assert.Single(_world.Batches)).Where(line => line.StartsWith("probe_success", StringComparison.Ordinal)));
    }

    [Fact]
    public void Perftest_BandwidthAndLatency_AreReadWithTheirUnits()
    {
        const string bandwidth = """
            ---------------------------------------------------------------------------------------
                                RDMA_Write BW Test
             Dual-port       : OFF		Device         : mlx5_0
             Device         : mlx5_0
             #bytes     #iterations    BW peak[Gb/sec]    BW average[Gb/sec]   MsgRate[Mpps]
             65536      5000             392.00             391.20             0.747
             65536      5000             cut
            """;
        const string latency = """
                                RDMA_Read Latency Test
             #bytes #iterations    t_min[usec]    t_max[usec]  t_typical[usec]    t_avg[usec]    t_stdev[usec]   99% percentile[usec]   99.9% percentile[usec]
             2       1000          1.0           5.0         2.0                3.0           0.5            4.0                    5.0
            """;

        Assert.Equal(
            ["RDMA_Write BW Test mlx5_0 65536 bandwidth_peak_bytes_per_second=49000000000 bandwidth_bytes_per_second=48900000000 messages_per_second=747000", "RDMA_Write BW Test mlx5_0 65536 "],
            Show(bandwidth));
        Assert.Equal(
            ["RDMA_Read Latency Test  2 latency_min_seconds=1E-06 latency_max_seconds=5E-06 latency_typical_seconds=2E-06 latency_avg_seconds=3E-06 latency_stdev_seconds=5E-07 latency_p99_seconds=4E-06 latency_p999_seconds=5E-06"],
            Show(latency));
        Assert.Equal(["  8 bandwidth_peak_bytes_per_second=1048576"], Show("#bytes #iterations BW peak[MB/sec]\n8 1 1"));
    }

    private static string[] Show(string text)
    {
        var reader = new PerftestReader();
        return [.. text.Split('\n').Select(line => reader.Read(line) is var (bytes, values)
            ? FormattableString.Invariant($"{reader.Test} {reader.Device} {bytes} {string.Join(' ', values.Select(value => FormattableString.Invariant($"{value.Name}={Math.Round(value.Value, 9)}")))}") : "").Where(line => line.Length > 0)];
    }
}
