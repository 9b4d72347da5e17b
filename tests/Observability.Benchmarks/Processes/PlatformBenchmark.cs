using System.Text.Json;

namespace Observability.Benchmarks;

/// <summary>
/// What the platform process costs by itself: `serve` and Debian's Prometheus read the same simulated fleet with the same
/// interval and rule files at the same time. The platform also correlates, ranks, keeps budgets and a journal.
/// </summary>
internal static class PlatformBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync(int nodes, TimeSpan length, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("observability-platform-");
        try
        {
            var (simulator, fleet) = await Servers.SimulatorAsync(nodes);
            await using var one = simulator;
            var (ours, url) = await Servers.PlatformAsync(folder.CreateSubdirectory("platform").FullName, fleet, cancellationToken);
            await using var two = ours;
            var (peer, peerUrl) = await Servers.PrometheusAsync(folder.CreateSubdirectory("prometheus").FullName, fleet, cancellationToken);
            await using var three = peer;
            await Task.Delay(WarmUp, TimeProvider.System, cancellationToken);

            using var http = new HttpClient();
            var before = (Ours: ours.CpuSeconds, Peer: peer.CpuSeconds, Fleet: simulator.CpuSeconds);
            await Task.Delay(length, TimeProvider.System, cancellationToken);
            var (cpu, peerCpu, fleetCpu) = (ours.CpuSeconds - before.Ours, peer.CpuSeconds - before.Peer, simulator.CpuSeconds - before.Fleet);
            var samples = await SamplesAsync(http, url, cancellationToken) * length.TotalSeconds / 10;
            var peerSamples = await SamplesAsync(http, peerUrl, cancellationToken) * length.TotalSeconds / 10;

            System.Console.WriteLine($"{nodes} nodes, 10 s scrape, the same rules, {length.TotalMinutes:0.#} min after {WarmUp.TotalMinutes:0} min of warm-up");
            System.Console.WriteLine($"{"",-12} {"CPU s",8} {"of a core",10} {"RSS MiB",8} {"peak MiB",9} {"samples",10} {"CPU us/sample",14}");
            Print("platform", cpu, samples, ours, length);
            Print("prometheus", peerCpu, peerSamples, peer, length);
            System.Console.WriteLine($"simulator    {fleetCpu,8:0.0}  (serves both)");
            System.Console.WriteLine($"platform / prometheus: CPU {cpu / peerCpu:0.00}, memory {ours.ResidentMiB / peer.ResidentMiB:0.00}");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(string name, double cpu, double samples, MeasuredProcess process, TimeSpan length) => System.Console.WriteLine(
        $"{name,-12} {cpu,8:0.0} {cpu / length.TotalSeconds,10:P1} {process.ResidentMiB,8:0} {process.PeakMiB,9:0} {samples,10:0} {1e6 * cpu / samples,14:0.0}");

    // Samples of one round over all targets, as the server itself has counted them.
    private static async Task<double> SamplesAsync(HttpClient http, string url, CancellationToken cancellationToken)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync($"{url}/api/v1/query?query=sum(scrape_samples_scraped)", cancellationToken));
        var value = answer.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("value")[1].GetString()!;
        return double.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
