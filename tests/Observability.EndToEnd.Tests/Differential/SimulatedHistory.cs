using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;
using Observability.Simulator;
using Observability.Testing;

namespace Observability.EndToEnd.Tests;

/// <summary>
/// What a simulated fleet exposed and pushed over some hours of its own time, faults included: read by the collectors, kept in a
/// store, and at hand for another server. The same options give the same samples.
/// </summary>
internal sealed class SimulatedHistory : ISampleSink, IAsyncDisposable
{
    private readonly Dictionary<LabelSet, List<Sample>> _series = [];

    private SimulatedHistory()
    {
    }

    /// <summary>The samples in our own store.</summary>
    public SeriesStore Store { get; } = new(new MetricsOptions());

    /// <summary>The same samples by series, oldest first.</summary>
    public IReadOnlyDictionary<LabelSet, List<Sample>> Series => _series;

    /// <summary>When it began.</summary>
    public DateTimeOffset Start { get; } = Fleets.Start;

    /// <summary>When it ended.</summary>
    public DateTimeOffset End { get; private set; }

    /// <summary>Lets a fleet live.</summary>
    public static async Task<SimulatedHistory> RunAsync(FleetOptions options, TimeSpan length, TimeSpan scrapeInterval)
    {
        var history = new SimulatedHistory();
        // A clock that stands still makes the time that a scrape takes zero: it would be another number in each run.
        var time = new FakeTimeProvider(history.Start);
        await using var simulator = new SimulatorHost(new Fleet(options, history.Start), time);
        await simulator.StartAsync(CancellationToken.None);
        Inject(simulator.Fleet);
        using var http = new HttpClient();
        var outside = new Outside(http, time, NullLoggerFactory.Instance);
        var scrapes = new ScrapeOptions { Interval = scrapeInterval };
        using var loop = new ScrapeLoop([new HttpTargets(new Uri(simulator.Url, "targets"), http)], history, scrapes, outside);
        using var door = new HttpClient(new OtlpDoor(new OtlpReceiver(history, new OtlpOptions(), outside)));
        var pusher = new TelemetryPusher(simulator.Fleet, door, "http://127.0.0.1:1");
        for (history.End = history.Start; history.End < history.Start + length; history.End += TimeSpan.FromSeconds(1))
        {
            time.SetUtcNow(history.End);
            simulator.Advance(history.End);
            await loop.RunDueAsync(history.End, CancellationToken.None);
            await pusher.PushDueAsync(history.End, CancellationToken.None);
        }

        return history;
    }

    /// <inheritdoc/>
    public void Append(SampleBatch batch)
    {
        Assert.Equal(0, Store.Take(batch).Refused);
        foreach (var (labels, sample) in batch.Samples)
        {
            if (!_series.TryGetValue(labels, out var samples))
                _series.Add(labels, samples = []);
            samples.Add(sample);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Store.DisposeAsync();

    // Every kind that changes which series exist, counters that are set back, and gauges that jump.
    private static void Inject(Fleet fleet)
    {
        var topology = fleet.Topology();
        EntityId Named(string name) => topology.Entities.First(entity => entity.DisplayName == name).Id;
        DateTimeOffset After(double minutes) => Fleets.Start.AddMinutes(minutes);
        FaultSpec[] faults =
        [
            new("gpu", FaultClass.EccUncontained, Named("node-001/gpu3"), After(12), TimeSpan.FromMinutes(15)),
            new("lost", FaultClass.GpuOffBus, Named("node-002/gpu5"), After(33), TimeSpan.FromMinutes(20)),
            new("hot", FaultClass.ThermalThrottle, Named("node-000/gpu1"), After(20), TimeSpan.FromMinutes(15)),
            new("nic", FaultClass.SlowNic, Named("node-003/mlx5_2"), After(18), TimeSpan.FromMinutes(20)),
            new("monitor", FaultClass.MonitorSilent, Named("node-004/node"), After(40), TimeSpan.FromMinutes(12)),
            new("job", FaultClass.JobKilled, topology.Entities.First(entity => entity.Id.Kind == EntityKind.Job).Id, After(26), TimeSpan.FromMinutes(8)),
            new("maintenance", FaultClass.Maintenance, Named("node-005"), After(50), TimeSpan.FromMinutes(10)),
        ];
        foreach (var fault in faults)
            fleet.Inject(fault);
    }

    /// <summary>Hands what the jobs push to the receiver, as the door of the platform does.</summary>
    private sealed class OtlpDoor(OtlpReceiver receiver) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath != "/v1/metrics")
                return new HttpResponseMessage(HttpStatusCode.OK);
            var isJson = request.Content!.Headers.ContentType!.MediaType == "application/json";
            var outcome = receiver.Receive(await request.Content.ReadAsByteArrayAsync(cancellationToken), isJson ? OtlpEncoding.Json : OtlpEncoding.Protobuf);
            return new HttpResponseMessage((HttpStatusCode)outcome.Status);
        }
    }
}
