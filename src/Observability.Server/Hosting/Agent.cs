using Observability.Collectors;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// The roles agent and collector: sources and a buffer, and nothing that decides. What is read goes to the platform as if that had read it
/// itself, so rules, topology and incidents do not know the difference. Like the platform it has no timer.
/// </summary>
public sealed class Agent : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64, AutomaticDecompression = System.Net.DecompressionMethods.None });
    private readonly Forwarder _forwarder;
    private readonly Sources _sources;
    private readonly CallSeriesWriter _calls;

    /// <summary>Opens the buffer and takes up logs where the last run stopped.</summary>
    public Agent(ObservabilityOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        _ = MeterBridge.Registry;
        var outside = new Outside(_http, clock, loggers);
        _forwarder = new Forwarder(
            new ForwardOptions
            {
                Url = new Uri(options.Forward.Url),
                ApiKey = options.Forward.ApiKey,
                Folder = Path.Combine(options.Server.State, "forward"),
                BufferBytes = options.Forward.BufferBytes,
            },
            outside);
        var elsewhere = new Elsewhere();
        // The shape of the fleet is learnt, or read, by the platform.
        _sources = new Sources(options.Collect, options.Server.State, new Intake(_forwarder, _forwarder, elsewhere), outside);
        _sources.Resume(new TopologyChange(clock.GetUtcNow(), "", [], []));
        _calls = new CallSeriesWriter(_forwarder, Environment.MachineName, options.Collect.Calls.Limit);
        var otlp = new OtlpOptions { BodyLimitBytes = options.Server.MaximumBodyBytes };
        OtlpDoors =
        [
            new OtlpReceiver(_forwarder, otlp, outside), new OtlpTraceReceiver(_forwarder, _forwarder, otlp, outside, _calls),
            new OtlpLogReceiver(_forwarder, _forwarder, otlp, new TailOptions { StepsOnly = !options.Collect.TrainingLogSamples }, outside),
        ];
        RemoteWriteInbox = new RemoteWriteReceiver(_forwarder, new RemoteWriteOptions { BodyLimitBytes = options.Server.MaximumBodyBytes }, outside);
    }

    /// <summary>Where processes of the node push OTLP.</summary>
    public IReadOnlyList<IOtlpDoor> OtlpDoors { get; }

    /// <summary>Where kernel lines are pushed to.</summary>
    public KernelInbox KernelInbox => _sources.KernelInbox;

    /// <summary>Where processes of the node push samples.</summary>
    public RemoteWriteReceiver RemoteWriteInbox { get; }

    /// <summary>Samples and events that wait to be sent.</summary>
    public long Waiting => _forwarder.Waiting;

    /// <summary>Does everything that is due at a time.</summary>
    public async Task StepAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _sources.RunDueAsync(now, (_, work) => work(), cancellationToken);
        _calls.RunDue(now);
        _forwarder.RunDue(now);
        // After the buffer: a line whose position is stored is on disk.
        _sources.Save(now);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sources.Dispose();
        _forwarder.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Elsewhere : ITopologySink
    {
        public void Apply(TopologyChange change)
        {
        }
    }
}
