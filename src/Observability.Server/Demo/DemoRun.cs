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
    internal static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly DemoOptions _options;
    private readonly SteppedTimeProvider _clock;
    private readonly SimulatorHost _simulator;
    private readonly WebApplication _front;
    private readonly FleetHistory? _history;
    private readonly FleetRecorder? _recorder;
    private readonly HttpClient _http = new();
    private readonly TelemetryPusher _pusher;
    private readonly DemoNarrator _narrator;
    private readonly long _began = Stopwatch.GetTimestamp();
    private bool _relives;

    private DemoRun(DemoOptions options, DemoWorld world, (Platform Platform, WebApplication Web) platform, Action<string> say)
    {
        _options = options;
        (_clock, _simulator, _history, _relives, StartedAt) = (world.Clock, world.Simulator, world.History, world.IsResumed, world.Start);
        (Platform, _front) = platform;
        IsResumed = world.IsResumed;
        ConsoleUrl = UrlOf(_front);
        _pusher = new TelemetryPusher(Fleet, _http, ConsoleUrl);
        _recorder = options.Record.Length > 0 ? new FleetRecorder(Fleet, options.Record) : null;
        _narrator = new DemoNarrator(Fleet, StartedAt, say);
        if (IsResumed)
            _narrator.Skip(Platform.Snapshots.Current);
    }

    /// <summary>The simulated fleet.</summary>
    public Fleet Fleet => _simulator.Fleet;

    /// <summary>The simulated cluster.</summary>
    public KubernetesCluster Cluster => _simulator.Cluster;

    /// <summary>The platform.</summary>
    public Platform Platform { get; }

    /// <summary>Where the console is.</summary>
    public string ConsoleUrl { get; }

    /// <summary>Where the simulator is.</summary>
    public string SimulatorUrl => _simulator.Url.GetLeftPart(UriPartial.Authority);

    /// <summary>When the run began, in its own time; before a resumed one was cut off, too.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>True where the state folder held a run and this one goes on with it: its faults are scheduled already.</summary>
    public bool IsResumed { get; }

    /// <summary>The run's clock.</summary>
    public DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Starts fleet and platform at a time; or, with a state folder that holds a run, where that one stopped.</summary>
    /// <exception cref="InvalidDataException">The state folder holds something else, or the content has findings.</exception>
    /// <exception cref="IOException">A port is taken, or another process uses the state folder.</exception>
    public static async Task<DemoRun> StartAsync(DemoOptions options, DateTimeOffset start, Action<string> say, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var world = await DemoWorld.StartAsync(options, start, cancellationToken);
        var configuration = Configure(options, world.Simulator.Url.GetLeftPart(UriPartial.Authority));
        var (content, findings) = ContentCheck.Read(configuration.Content.Rules, configuration.Content.Runbooks, configuration.Metrics.ExperimentalFunctions);
        if (findings.Count > 0)
            throw new InvalidDataException(string.Join('\n', findings));
        var platform = await Platform.OpenAsync(configuration, content, world.Clock, NullLoggerFactory.Instance, cancellationToken);
        var front = WebFront.Build(platform, configuration);
        await front.StartAsync(cancellationToken);
        await platform.StartAsync(cancellationToken);
        return new DemoRun(options, world, (platform, front), say);
    }

    /// <summary>Lets one virtual second pass.</summary>
    public async Task StepAsync(CancellationToken cancellationToken)
    {
        // The second in which the last process died is lived again: nobody knows how much of it was done, and what was is not done twice.
        var now = _clock.GetUtcNow() + (_relives ? TimeSpan.Zero : Tick);
        _relives = false;
        _history?.Tick(now);
        _clock.MoveTo(now);
        _simulator.Advance(now);
        _recorder?.RecordDue();
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
        return DemoScore.Of(this, _options, (start, cost));
    }

    /// <summary>Writes a report as JSON.</summary>
    public static Task WriteAsync(DemoReport report, string path, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(path, JsonSerializer.Serialize(report, Json) + "\n", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _recorder?.Complete();
        await _front.StopAsync();
        await _front.DisposeAsync();
        await _simulator.DisposeAsync();
        await Platform.DisposeAsync();
        _history?.Dispose();
        _http.Dispose();
    }

    // The demo's own configuration: act for sure hardware verdicts unless told otherwise, ask for the rest.
    private static ObservabilityOptions Configure(DemoOptions options, string simulator) => new()
    {
        Server = new ServerOptions { Listen = options.Listen, State = options.State },
        Collect = new CollectOptions { TargetUrls = [simulator + "/targets"], LogsUrl = simulator + "/logs", Topology = simulator + "/topology" },
        Content = new ContentOptions { Rules = Path.Combine(options.Content, "rules"), Runbooks = Path.Combine(options.Content, "runbooks") },
        // Its clock runs faster than life, and nobody sleeps over its alerts.
        Alerting = new AlertingSection { Shadow = new ShadowSection { Settle = TimeSpan.FromMinutes(10) } },
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
