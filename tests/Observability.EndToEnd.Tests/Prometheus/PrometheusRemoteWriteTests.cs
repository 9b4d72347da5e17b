using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collectors;
using Observability.Content;
using Observability.Server;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>Debian's Prometheus scrapes itself and writes what it gets to a platform through its door on loopback.</summary>
public sealed class PrometheusRemoteWriteTests : IDisposable
{
    private const string Binary = "/usr/bin/prometheus";

    private readonly string _folder = Directory.CreateTempSubdirectory("remote-write-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Prometheus_WritingToUs_LosesNothingAndBothAnswerAlike()
    {
        Assert.SkipUnless(File.Exists(Binary), $"{Binary} is not installed (package prometheus)");
        var options = new ObservabilityOptions();
        options.Server.State = "";
        await using var platform = await Platform.OpenAsync(options, new ContentSet(), TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var web = builder.Build();
        web.MapRemoteWrite(platform.RemoteWriteInbox);
        await web.StartAsync();
        var port = Loopback.FreePort();
        await using var prometheus = Start(port, new Uri(new Uri(web.Urls.First()), "api/v1/write"));
        await prometheus.WaitForLineAsync(line => line.Contains("Server is ready", StringComparison.Ordinal), TimeSpan.FromMinutes(1));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var arrived = await RealTime.PassAsync(
            _ => Task.CompletedTask, () => platform.Series.Statistics.SamplesAppended > 5_000 && platform.Series.Metadata.Count > 50, TimeSpan.FromMinutes(2));

        Assert.True(arrived, $"{platform.Series.Statistics}\n{prometheus.Text}");
        Assert.Equal((0L, 0L), (platform.Series.Statistics.OutOfOrder, platform.Series.Statistics.Duplicates));
        Assert.Equal("counter", Assert.Single(platform.Series.Metadata.Find("prometheus_http_requests_total", 0, 0)[0].Value).Type);
        // Both stores at a time that both have passed, and the sender's own account.
        var at = TimeProvider.System.GetUtcNow().AddSeconds(-3).ToUnixTimeSeconds();
        foreach (var query in (string[])["count({job=\"self\"})", "sum(prometheus_build_info)", "count by (__name__) ({__name__=~\"prometheus_tsdb_.+\"})"])
        {
            var theirs = Values(await http.GetStringAsync(new Uri($"/api/v1/query?time={at}&query={Uri.EscapeDataString(query)}", UriKind.Relative)));
            var ours = await platform.Queries.QueryAsync(query, DateTimeOffset.FromUnixTimeSeconds(at), CancellationToken.None);
            Assert.NotEmpty(theirs);
            Assert.Equal(theirs, ours.Vector.Select(sample => string.Create(CultureInfo.InvariantCulture, $"{sample.Labels["__name__"]} {sample.Sample.Value}")).Order(StringComparer.Ordinal));
        }

        var failed = await http.GetStringAsync(new Uri("/api/v1/query?query=sum(prometheus_remote_storage_samples_failed_total)", UriKind.Relative));
        Assert.Equal([" 0"], Values(failed));
        await web.StopAsync();
    }

    private static string[] Values(string answer) => [.. JsonNode.Parse(answer)!["data"]!["result"]!.AsArray()
        .Select(item => $"{item!["metric"]!["__name__"]} {item["value"]![1]}").Order(StringComparer.Ordinal)];

    private ChildProcess Start(int port, Uri url)
    {
        var config = Path.Combine(_folder, "prometheus.yml");
        File.WriteAllText(config, $$"""
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs:
              - job_name: self
                static_configs: [{targets: ["127.0.0.1:{{port}}"]}]
            remote_write:
              - url: "{{url}}"
                queue_config: {batch_send_deadline: 1s}
                metadata_config: {send_interval: 2s}
            """);
        return ChildProcess.Start(_folder, Binary, $"--config.file={config}", $"--storage.tsdb.path={_folder}/data", $"--web.listen-address=127.0.0.1:{port}");
    }
}
