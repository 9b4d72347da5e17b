using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>A server of another project, on loopback with a fresh folder.</summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private RealServer(ChildProcess process, int port) => (_process, Http) =
        (process, new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(2) });

    /// <summary>Speaks to it.</summary>
    public HttpClient Http { get; }

    /// <summary>What it wrote so far.</summary>
    public string Text => _process.Text;

    /// <summary>Debian's Prometheus 2.42; the test skips where it is missing.</summary>
    public static async Task<RealServer> PrometheusAsync(string folder)
    {
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {evaluation_interval: 1m}\n");
        return await StartAsync(folder, "/usr/bin/prometheus", "prometheus", "Server is ready", port =>
            [$"--config.file={config}", $"--storage.tsdb.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--web.enable-remote-write-receiver"]);
    }

    /// <summary>Debian's VictoriaMetrics 1.79; the test skips where it is missing.</summary>
    // It keeps a month unless told otherwise, and shows nothing of the last 30 seconds.
    public static Task<RealServer> VictoriaMetricsAsync(string folder) =>
        StartAsync(folder, "/usr/bin/victoria-metrics", "victoria-metrics", "started VictoriaMetrics in", port =>
            [$"-httpListenAddr=127.0.0.1:{port}", $"-storageDataPath={folder}/victoria", "-retentionPeriod=10y", "-search.latencyOffset=0s", "-search.disableCache"]);

    /// <summary>Debian's Alertmanager 0.25; the test skips where it is missing.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="config">What its configuration file says.</param>
    public static async Task<RealServer> AlertmanagerAsync(string folder, string config)
    {
        var file = Path.Combine(folder, "alertmanager.yml");
        await File.WriteAllTextAsync(file, config);
        return await StartAsync(folder, "/usr/bin/prometheus-alertmanager", "prometheus-alertmanager", "Listening on", port =>
            [$"--config.file={file}", $"--storage.path={folder}/data", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address="]);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<RealServer> StartAsync(string folder, string program, string package, string ready, Func<int, IEnumerable<string>> arguments)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not installed (package {package})");
        var port = Loopback.FreePort();
        var process = ChildProcess.Start(folder, program, [.. arguments(port)]);
        await process.WaitForLineAsync(line => line.Contains(ready, StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        return new RealServer(process, port);
    }
}
