using Observability.Testing;

namespace Observability.Benchmarks;

/// <summary>What a contender is started with: where its state lies, what it scrapes and which rules it evaluates.</summary>
/// <param name="Folder">An existing folder of its own; a second start on it finds the state of the first.</param>
/// <param name="Targets">URL of HTTP service discovery; null scrapes nothing.</param>
/// <param name="Interval">Scrape and evaluation interval.</param>
/// <param name="Rules">A rule file; null evaluates nothing.</param>
internal sealed record Setup(string Folder, string? Targets = null, TimeSpan? Interval = null, string? Rules = null);

/// <summary>
/// A server that is compared. Each runs alone, as one process on core 0, told that it has one core; what feeds or asks it runs on
/// the others. All three answer the Prometheus HTTP API.
/// </summary>
internal sealed record Contender(string Name, Func<Setup, Task<(MeasuredProcess Process, string Url)>> StartAsync)
{
    // One collector and one core for .NET, one scheduler thread for Go.
    private static readonly string[] s_pinned =
        ["-c", "0", "env", "GOMAXPROCS=1", "DOTNET_PROCESSOR_COUNT=1", "DOTNET_gcServer=0", "DOTNET_TieredPGO=1"];

    /// <summary>The cores, as taskset takes them, of everything that is not measured.</summary>
    public static string OtherCores { get; } = Environment.ProcessorCount > 1 ? $"1-{Environment.ProcessorCount - 1}" : "0";

    /// <summary>The server that is measured; without another word the one that was built with the benchmarks.</summary>
    public static string ServerAssembly { get; set; } = Path.Combine(AppContext.BaseDirectory, "Observability.Server.dll");

    /// <summary>The platform as <c>serve</c> runs it, with its journal and everything else it does.</summary>
    public static Contender Platform { get; } = new("platform", async setup =>
    {
        var port = Loopback.FreePort();
        await WritePlatformConfigurationAsync(setup, port);
        return (await StartPinnedAsync("dotnet", [ServerAssembly, "serve", "--config", Configuration(setup)], setup.Folder, "serving on "), Url(port));
    });

    /// <summary>Debian's <c>prometheus</c>.</summary>
    public static Contender Prometheus { get; } = new("prometheus", async setup =>
    {
        var port = Loopback.FreePort();
        var file = Path.Combine(setup.Folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, PrometheusConfiguration(setup, withRules: true));
        return (await StartPinnedAsync("prometheus",
            [$"--config.file={file}", $"--storage.tsdb.path={setup.Folder}/tsdb", "--storage.tsdb.retention.time=90d", "--query.max-samples=200000000", $"--web.listen-address=127.0.0.1:{port}"],
            setup.Folder, "Server is ready"), Url(port));
    });

    /// <summary>Debian's <c>victoria-metrics</c>, single node.</summary>
    public static Contender VictoriaMetrics { get; } = new("victoria-metrics", async setup =>
    {
        var port = Loopback.FreePort();
        List<string> arguments = [$"-storageDataPath={setup.Folder}/victoria", "-retentionPeriod=1y", $"-httpListenAddr=127.0.0.1:{port}", "-search.latencyOffset=0s"];
        if (setup.Targets is not null)
        {
            var file = Path.Combine(setup.Folder, "scrape.yml");
            await File.WriteAllTextAsync(file, PrometheusConfiguration(setup, withRules: false));
            arguments.Add($"-promscrape.config={file}");
        }

        return (await StartPinnedAsync("victoria-metrics", arguments, setup.Folder, "started VictoriaMetrics"), Url(port));
    });

    /// <summary>All three.</summary>
    public static IReadOnlyList<Contender> All { get; } = [Platform, Prometheus, VictoriaMetrics];

    /// <summary>Writes the platform's configuration without starting it, for its offline commands.</summary>
    /// <returns>The file.</returns>
    public static async Task<string> WritePlatformConfigurationAsync(Setup setup, int port)
    {
        var rules = Directory.CreateDirectory(Path.Combine(setup.Folder, "rules")).FullName;
        foreach (var part in (string[])["faults", "slos"])
            Directory.CreateDirectory(Path.Combine(rules, part));
        var runbooks = Directory.CreateDirectory(Path.Combine(setup.Folder, "runbooks")).FullName;
        if (setup.Rules is not null)
            File.Copy(setup.Rules, Path.Combine(Directory.CreateDirectory(Path.Combine(rules, "compare")).FullName, "compare.rules.yaml"), overwrite: true);
        var seconds = (setup.Interval ?? TimeSpan.FromSeconds(15)).TotalSeconds;
        await File.WriteAllTextAsync(Configuration(setup), $$"""
            server: {listen: "127.0.0.1:{{port}}", state: "{{setup.Folder}}/state", maximum_body_bytes: 1073741824}
            metrics: {retention: 90d, maximum_bytes: 17179869184}
            collect:
              interval: {{seconds}}s
              timeout: {{Math.Max(1, seconds - 1)}}s
            {{(setup.Targets is null ? "" : $"  target_urls: [\"{setup.Targets}\"]")}}
            content: {rules: "{{rules}}", runbooks: "{{runbooks}}", evaluation_interval: {{seconds}}s}
            """);
        return Configuration(setup);
    }

    /// <summary>Starts any program on core 0 and waits for its ready line.</summary>
    public static async Task<MeasuredProcess> StartPinnedAsync(string program, IEnumerable<string> arguments, string folder, string ready) =>
        (await MeasuredProcess.StartAsync("taskset", [.. s_pinned, program, .. arguments], folder, line => line.Contains(ready, StringComparison.Ordinal))).Process;

    /// <summary>Runs any program on core 0 to its end and tells its CPU seconds.</summary>
    public static Task<MeasuredRun> RunPinnedAsync(string program, IEnumerable<string> arguments, string folder) =>
        MeasuredRun.RunAsync("taskset", [.. s_pinned, program, .. arguments], folder);

    private static string Configuration(Setup setup) => Path.Combine(setup.Folder, "observability.yaml");

    private static string Url(int port) => $"http://127.0.0.1:{port}";

    private static string PrometheusConfiguration(Setup setup, bool withRules)
    {
        var seconds = (setup.Interval ?? TimeSpan.FromSeconds(15)).TotalSeconds;
        return $$"""
            global: {scrape_interval: {{seconds}}s, scrape_timeout: {{Math.Max(1, seconds - 1)}}s{{(withRules ? $", evaluation_interval: {seconds}s" : "")}}}
            {{(withRules && setup.Rules is not null ? $"rule_files: [\"{setup.Rules}\"]" : "")}}
            {{(setup.Targets is null ? "" : $"scrape_configs: [{{job_name: compare, http_sd_configs: [{{url: \"{setup.Targets}\"}}]}}]")}}
            """;
    }
}
