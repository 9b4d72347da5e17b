using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collectors;
using Observability.Model;
using Observability.Server;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>
/// A platform on real time that knows a simulated fleet's topology, with Alertmanager's doors on loopback. Only rules raise
/// alerts in it, its own or others': logs, OTLP and SLOs, which another system's rules cannot see, are left out.
/// </summary>
internal sealed class AlertedPlatform : IAsyncDisposable
{
    private readonly WebApplication _web;

    private AlertedPlatform(Platform platform, WebApplication web) => (Platform, _web) = (platform, web);

    public Platform Platform { get; }

    /// <summary>Address and port of the doors.</summary>
    public string Authority => new Uri(_web.Urls.First()).Authority;

    /// <summary>Incidents that were not merged into others.</summary>
    public IReadOnlyList<Incident> Incidents =>
        [.. Platform.Snapshots.Current.Incidents.Values.Select(view => view.Incident).Where(incident => incident.State != IncidentState.Merged)];

    /// <summary>Starts one.</summary>
    /// <param name="simulator">The fleet.</param>
    /// <param name="scrapeInterval">How often to scrape and evaluate the shipped rules; null for neither.</param>
    public static async Task<AlertedPlatform> StartAsync(SimulatorHost simulator, TimeSpan? scrapeInterval)
    {
        var root = SharedData.RepositoryRoot();
        var (content, findings) = ContentCheck.Read(Path.Combine(root, "rules"), Path.Combine(root, "runbooks"));
        Assert.Empty(findings);
        content = content with { Faults = [], Slos = [], RuleGroups = scrapeInterval is null ? [] : content.RuleGroups };
        var collect = new CollectOptions { Topology = new Uri(simulator.Url, "topology").AbsoluteUri };
        if (scrapeInterval is { } interval)
            (collect.Interval, collect.Timeout, collect.TargetUrls) = (interval, interval, [new Uri(simulator.Url, "targets").AbsoluteUri]);
        var options = new ObservabilityOptions { Collect = collect };
        options.Server.State = "";
        var platform = await Platform.OpenAsync(options, content, TimeProvider.System, NullLoggerFactory.Instance, CancellationToken.None);
        await platform.StartAsync(CancellationToken.None);
        // The topology is read in the first step; an alert that came before would name nothing known.
        await platform.StepAsync(TimeProvider.System.GetUtcNow(), CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var web = builder.Build();
        web.MapAlertmanager(platform.AlertInbox);
        await web.StartAsync();
        return new AlertedPlatform(platform, web);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        await Platform.DisposeAsync();
    }
}
