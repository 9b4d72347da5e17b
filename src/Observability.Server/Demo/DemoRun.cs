using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>
/// The platform on a simulated fleet, in one process with real loopback HTTP between them, on one clock that moves only when
/// the work due is done.
/// </summary>
public sealed class DemoRun : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly DemoOptions _options;
    private readonly SteppedTimeProvider _clock;
    private readonly WebApplication _simulator;
    private readonly WebApplication _front;
    private readonly TelemetryPusher _pusher;
    private readonly DemoNarrator _narrator;
    private readonly long _began = Stopwatch.GetTimestamp();

    private DemoRun(DemoOptions options, (Fleet Fleet, KubernetesCluster Cluster, WebApplication Web) simulator, (Platform Platform, WebApplication Web) platform, SteppedTimeProvider clock, Action<string> say)
    {
        (_options, _clock) = (options, clock);
        (Fleet, Cluster, _simulator) = simulator;
        (Platform, _front) = platform;
        ConsoleUrl = UrlOf(_front);
        _pusher = new TelemetryPusher(Fleet, new HttpClient(), ConsoleUrl);
        _narrator = new DemoNarrator(Fleet, say);
    }

    /// <summary>The simulated fleet.</summary>
    public Fleet Fleet { get; }

    /// <summary>The simulated cluster.</summary>
    public KubernetesCluster Cluster { get; }

    /// <summary>The platform.</summary>
    public Platform Platform { get; }

    /// <summary>Where the console is.</summary>
    public string ConsoleUrl { get; }

    /// <summary>Where the simulator is.</summary>
    public string SimulatorUrl => UrlOf(_simulator);

    /// <summary>The run's clock.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Starts fleet and platform at a time.</summary>
    public static async Task<DemoRun> StartAsync(DemoOptions options, DateTimeOffset start, Action<string> say, CancellationToken cancellationToken)
    {
        var clock = new SteppedTimeProvider(start);
        var simulator = await StartSimulatorAsync(options, clock, cancellationToken);
        var configuration = Configure(options, UrlOf(simulator.Web));
        var (content, findings) = ContentCheck.Read(configuration.Content.Rules, configuration.Content.Runbooks);
        if (findings.Count > 0)
            throw new InvalidOperationException(string.Join('\n', findings));
        var platform = await Platform.OpenAsync(configuration, content, clock, NullLoggerFactory.Instance, cancellationToken);
        var front = WebFront.Build(platform, configuration);
        await front.StartAsync(cancellationToken);
        await platform.StartAsync(cancellationToken);
        return new DemoRun(options, simulator, (platform, front), clock, say);
    }

    /// <summary>Lets one virtual second pass.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow() + Tick;
        _clock.MoveTo(now);
        Fleet.Advance(now);
        Cluster.Advance(now);
        await _pusher.PushDueAsync(now, cancellationToken);
        await Platform.StepAsync(now, cancellationToken);
        _narrator.Tell(now, Platform.Snapshots.Current);
        await PaceAsync(cancellationToken);
    }

    /// <summary>Lets time pass until a moment.</summary>
    public async Task RunUntilAsync(DateTimeOffset end, CancellationToken cancellationToken)
    {
        while (_clock.GetUtcNow() < end)
            await StepAsync(cancellationToken);
    }

    /// <summary>What was found, missed and done so far.</summary>
    public DemoReport Report(DateTimeOffset start)
    {
        using var process = Process.GetCurrentProcess();
        var cost = new ProcessCost(
            Stopwatch.GetElapsedTime(_began).TotalSeconds, process.TotalProcessorTime.TotalSeconds, process.PeakWorkingSet64, Platform.Spent, Platform.Series.Statistics.SamplesAppended);
        return DemoScore.Of(this, _narrator.Verdicts, _options, (start, cost));
    }

    /// <summary>Writes a report as JSON.</summary>
    public static Task WriteAsync(DemoReport report, string path, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, Json) + "\n", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _front.StopAsync();
        await _simulator.StopAsync();
        await _front.DisposeAsync();
        await _simulator.DisposeAsync();
        await Platform.DisposeAsync();
    }

    private static async Task<(Fleet Fleet, KubernetesCluster Cluster, WebApplication Web)> StartSimulatorAsync(DemoOptions options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        var web = builder.Build();
        var fleet = new Fleet(new FleetOptions { Nodes = options.Nodes, Seed = options.Seed }, clock.GetUtcNow());
        web.MapFleet(fleet, () => new Uri(UrlOf(web)).Authority);
        var cluster = web.MapKubernetes(fleet, clock);
        await web.StartAsync(cancellationToken);
        return (fleet, cluster, web);
    }

    // The demo's own configuration: act for sure hardware verdicts unless told otherwise, ask for the rest.
    private static ObservabilityOptions Configure(DemoOptions options, string simulator) => new()
    {
        Server = new ServerOptions { Listen = options.Listen, State = options.State },
        Collect = new CollectOptions { TargetUrls = [simulator + "/targets"], LogsUrl = simulator + "/logs", Topology = simulator + "/topology" },
        Content = new ContentOptions { Rules = Path.Combine(options.Content, "rules"), Runbooks = Path.Combine(options.Content, "runbooks") },
        Response = new ResponseOptionsSection { Hardware = options.Hardware, Otherwise = Strategy.Ask, MinimumConfidence = 0.8, KubernetesUrl = simulator },
    };

    private static string UrlOf(WebApplication web) =>
        web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private async Task PaceAsync(CancellationToken cancellationToken)
    {
        if (_options.Speed <= 0)
            return;
        _narrator.Steps++;
        var ahead = TimeSpan.FromSeconds(_narrator.Steps / _options.Speed) - Stopwatch.GetElapsedTime(_began);
        if (ahead > TimeSpan.Zero)
            await Task.Delay(ahead, TimeProvider.System, cancellationToken);
    }
}
