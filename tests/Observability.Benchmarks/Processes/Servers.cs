using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>Starts the programs that are compared, each on a free loopback port with its state in a fresh folder.</summary>
internal static class Servers
{
    private static readonly string Root = SharedData.RepositoryRoot();

    /// <summary>The fleet; the answer is its URL.</summary>
    public static async Task<(MeasuredProcess Process, string Url)> SimulatorAsync(int nodes)
    {
        var (process, line) = await MeasuredProcess.StartAsync(
            "dotnet", [typeof(Servers).Assembly.Location, "simulate", "--nodes", $"{nodes}"], Root,
            line => line.StartsWith(SimulatedFleet.Ready, StringComparison.Ordinal));
        return (process, line[SimulatedFleet.Ready.Length..]);
    }

    /// <summary>The platform as <c>serve</c> runs it, journal and series on disk, with the rules of the repository.</summary>
    public static async Task<(MeasuredProcess Process, string Url)> PlatformAsync(string folder, string? simulator, CancellationToken cancellationToken)
    {
        var port = Loopback.FreePort();
        var collect = simulator is null ? "" : $"""
            collect:
              target_urls: ["{simulator}/targets"]
              topology: "{simulator}/topology"

            """;
        await File.WriteAllTextAsync(Path.Combine(folder, "observability.yaml"), $"""
            server: {"{"}listen: "127.0.0.1:{port}", state: "{folder}/state"{"}"}
            {collect}content: {"{"}rules: "{Root}/rules", runbooks: "{Root}/runbooks"{"}"}
            """, cancellationToken);
        var (process, _) = await MeasuredProcess.StartAsync(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Observability.Server.dll"), "serve", "--config", Path.Combine(folder, "observability.yaml")], Root,
            line => line.StartsWith("serving on ", StringComparison.Ordinal));
        return (process, $"http://127.0.0.1:{port}");
    }

    /// <summary>Debian's <c>prometheus</c> with the same targets, interval and rule files.</summary>
    public static async Task<(MeasuredProcess Process, string Url)> PrometheusAsync(string folder, string simulator, CancellationToken cancellationToken)
    {
        var port = Loopback.FreePort();
        var rules = string.Join(", ", Directory.GetFiles(Path.Combine(Root, "rules"), "*.rules.yaml", SearchOption.AllDirectories).Select(file => $"\"{file}\""));
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), $"""
            global: {"{"}scrape_interval: 10s, scrape_timeout: 8s, evaluation_interval: 10s{"}"}
            rule_files: [{rules}]
            scrape_configs:
              - job_name: fleet
                http_sd_configs: [{"{"}url: "{simulator}/targets"{"}"}]
            """, cancellationToken);
        var (process, _) = await MeasuredProcess.StartAsync(
            "/usr/bin/prometheus", [$"--config.file={folder}/prometheus.yml", $"--storage.tsdb.path={folder}/tsdb", $"--web.listen-address=127.0.0.1:{port}"], folder,
            line => line.Contains("Server is ready", StringComparison.Ordinal));
        return (process, $"http://127.0.0.1:{port}");
    }

    /// <summary>Debian's <c>prometheus-alertmanager</c>, which tells nobody.</summary>
    public static async Task<(MeasuredProcess Process, string Url)> AlertmanagerAsync(string folder, CancellationToken cancellationToken)
    {
        var port = Loopback.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "alertmanager.yml"), """
            route: {receiver: nobody, group_by: [alertname, node], group_wait: 1s}
            receivers: [{name: nobody}]
            """, cancellationToken);
        var (process, _) = await MeasuredProcess.StartAsync(
            "/usr/bin/prometheus-alertmanager",
            [$"--config.file={folder}/alertmanager.yml", $"--storage.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="], folder,
            line => line.Contains("Listening on", StringComparison.Ordinal) || line.Contains("address=127.0.0.1", StringComparison.Ordinal));
        return (process, $"http://127.0.0.1:{port}");
    }

}
