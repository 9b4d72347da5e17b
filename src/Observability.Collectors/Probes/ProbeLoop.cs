using System.Globalization;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Probes targets from outside when their turn comes and tells what blackbox_exporter would, under its names: <c>probe_success</c>,
/// <c>probe_duration_seconds</c> and <c>probe_http_status_code</c>. A probe that fails is a sample, never silence.
/// </summary>
public sealed class ProbeLoop(ProbeOptions options, ISampleSink sink, Outside outside)
{
    private const string Source = "probe";

    private DateTimeOffset? _next;

    /// <summary>Probes every target where that is due.</summary>
    public async Task RunDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (options.Targets.IsEmpty || (_next is { } due && now < due))
            return;
        _next = now + options.Interval;
        var results = new List<SeriesSample>[options.Targets.Length];
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = options.Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, results.Length, bounds, async (i, stop) => results[i] = await ProbeAsync(options.Targets[i], now, stop));
        var samples = results.SelectMany(result => result).ToList();
        CollectorsMetrics.Samples(Source, samples.Count);
        sink.Append(new SampleBatch(Source, now, samples));
    }

    private async Task<List<SeriesSample>> ProbeAsync(ProbeTarget target, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var started = outside.Time.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.Timeout);
        var (success, status) = (false, -1);
        try
        {
            (success, status) = target.Kind switch
            {
                ProbeKind.Http => await HttpAsync(target.Address, patience.Token),
                ProbeKind.Tcp => (await TcpAsync(target.Address, patience.Token), -1),
                _ => (await IcmpAsync(target.Address), -1),
            };
        }
        catch (Exception fault) when (fault is HttpRequestException or SocketException or IOException or PingException or UriFormatException or InvalidOperationException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            CollectorsMetrics.Reads(Source, ok: false);
        }

        var at = now.ToUnixTimeMilliseconds();
        var labels = LabelSet.Of(("job", target.Job), ("instance", target.Address), ("node", target.Node));
        List<SeriesSample> samples =
        [
            new(labels.With(LabelSet.MetricNameLabel, "probe_success"), new Sample(at, success ? 1 : 0)),
            new(labels.With(LabelSet.MetricNameLabel, "probe_duration_seconds"), new Sample(at, outside.Time.GetElapsedTime(started).TotalSeconds)),
        ];
        if (status >= 0)
            samples.Add(new(labels.With(LabelSet.MetricNameLabel, "probe_http_status_code"), new Sample(at, status)));
        return samples;
    }

    private async Task<(bool Success, int Status)> HttpAsync(string url, CancellationToken cancellationToken)
    {
        using var response = await outside.Http.GetAsync(new Uri(url), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return (response.IsSuccessStatusCode, (int)response.StatusCode);
    }

    private static async Task<bool> TcpAsync(string address, CancellationToken cancellationToken)
    {
        var colon = address.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(address[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is 0 or > 65_535)
            return false;
        using var client = new TcpClient();
        await client.ConnectAsync(address[..colon].Trim('[', ']'), port, cancellationToken);
        return client.Connected;
    }

    private async Task<bool> IcmpAsync(string host)
    {
        using var ping = new Ping();
        return (await ping.SendPingAsync(host, (int)options.Timeout.TotalMilliseconds)).Status == IPStatus.Success;
    }
}
