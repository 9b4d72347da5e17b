using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Observability.Benchmarks;

/// <summary>
/// The same alerts through <c>POST /api/v2/alerts</c> of <c>serve</c> and of Debian's Alertmanager, one after the other:
/// until the server shows them all. Alertmanager deduplicates and groups; the platform also journals, correlates and ranks.
/// </summary>
internal static class AlertsBenchmark
{
    private const int BatchSize = 500;

    public static async Task<int> RunAsync(int count, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-alerts-");
        try
        {
            var (ours, url) = await Servers.PlatformAsync(folder.CreateSubdirectory("platform").FullName, null, cancellationToken);
            await using var one = ours;
            var (peer, peerUrl) = await Servers.AlertmanagerAsync(folder.CreateSubdirectory("alertmanager").FullName, cancellationToken);
            await using var two = peer;
            using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };

            var platform = await SendAsync(http, url, ours, count, OursAsync, cancellationToken);
            var alertmanager = await SendAsync(http, peerUrl, peer, count, TheirsAsync, cancellationToken);
            System.Console.WriteLine($"{count} different alerts in batches of {BatchSize}");
            System.Console.WriteLine($"platform      {count / platform.Wall,8:0} alerts/s, {count / platform.Cpu,8:0} per CPU second, peak {ours.PeakMiB:0} MiB");
            System.Console.WriteLine($"alertmanager  {count / alertmanager.Wall,8:0} alerts/s, {count / alertmanager.Cpu,8:0} per CPU second, peak {peer.PeakMiB:0} MiB");
            System.Console.WriteLine($"platform / alertmanager: alerts per second {alertmanager.Wall / platform.Wall:0.00}, per CPU second {alertmanager.Cpu / platform.Cpu:0.00}");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(double Wall, double Cpu)> SendAsync(
        HttpClient http, string url, MeasuredProcess process, int count, Func<HttpClient, string, CancellationToken, Task<int>> shown, CancellationToken cancellationToken)
    {
        var cpu = process.CpuSeconds;
        var began = Stopwatch.GetTimestamp();
        foreach (var batch in Enumerable.Range(0, count).Chunk(BatchSize))
        {
            using var answer = await http.PostAsJsonAsync($"{url}/api/v2/alerts", batch.Select(Alert), cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        while (await shown(http, url, cancellationToken) < count)
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        return (Stopwatch.GetElapsedTime(began).TotalSeconds, process.CpuSeconds - cpu);
    }

    private static JsonObject Alert(int i) => new()
    {
        ["labels"] = new JsonObject
        {
            ["alertname"] = $"Fault{i % 20}",
            ["severity"] = "warning",
            ["node"] = $"node-{i / 80 % 256:000}",
            ["device"] = $"mlx5_{i % 8}",
            ["sample"] = $"{i}",
        },
        ["annotations"] = new JsonObject { ["summary"] = "one of many" },
        ["startsAt"] = TimeProvider.System.GetUtcNow().ToString("O"),
    };

    private static async Task<int> OursAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        using var noise = JsonDocument.Parse(await http.GetStringAsync($"{url}/api/noise", cancellationToken));
        return noise.RootElement.GetProperty("alertsIn").GetInt32();
    }

    private static async Task<int> TheirsAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        using var alerts = JsonDocument.Parse(await http.GetStringAsync($"{url}/api/v2/alerts", cancellationToken));
        return alerts.RootElement.GetArrayLength();
    }
}
