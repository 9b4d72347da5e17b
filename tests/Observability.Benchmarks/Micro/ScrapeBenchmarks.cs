using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;
using Observability.Server;
using Observability.Simulator;

namespace Observability.Benchmarks;

/// <summary>
/// What one sample costs from the bytes of an answer to the series store, the network left out: dcgm-exporter text of
/// <see cref="Targets"/> nodes, <see cref="SamplesPerTarget"/> samples each, whose values change from scrape to scrape.
/// </summary>
[MemoryDiagnoser]
public class ScrapeBenchmarks : IAsyncDisposable
{
    private const int Targets = 8;
    private const int SamplesPerTarget = 150;
    private const int Generations = 6;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly byte[][][] _bodies = new byte[Generations][][];
    private readonly SeriesStore _series = new(new MetricsOptions());
    private readonly ExpositionReader[] _readers = new ExpositionReader[Targets];
    private readonly SteppedTimeProvider _clock = new(Start);
    private ScrapeLoop _loop = null!;
    private int _generation;

    /// <summary>Renders the bodies and lets every target be scraped once.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        var fleet = new Fleet(new FleetOptions { Nodes = Targets }, Start);
        for (var generation = 0; generation < Generations; generation++)
        {
            fleet.Advance(Start.AddSeconds(10 * (generation + 1)));
            _bodies[generation] = [.. fleet.SimNodes.Select(node => Cut(DcgmExporter.Render(node, fleet)))];
        }

        for (var target = 0; target < Targets; target++)
            _readers[target] = new ExpositionReader(new SeriesCache(labels => new SeriesShape(labels)));
        var targets = Enumerable.Range(0, Targets).Select(target =>
            ScrapeTarget.Of(new Uri($"http://127.0.0.1/{target}"), LabelSet.Of(("job", "dcgm"), ("node", $"node-{target:000}")))).ToList();
        _loop = new ScrapeLoop([new FixedTargets(targets)], new Store(_series), new ScrapeOptions(),
            new Outside(new HttpClient(new Answers(this)), _clock, NullLoggerFactory.Instance));
        await ScrapeAsync();
        await ScrapeAsync();
        if (_series.Statistics.SamplesAppended < Targets * SamplesPerTarget)
            throw new InvalidOperationException($"{_series.Statistics.SamplesAppended} samples were stored by the first scrape of {Targets} targets");
    }

    /// <summary>Reads the text only.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Targets * SamplesPerTarget)]
    public int Read()
    {
        var samples = new List<SeriesSample>(SamplesPerTarget);
        var settings = new ReadSettings(ExpositionFormat.Text, Next().ToUnixTimeMilliseconds(), HonorTimestamps: false, 100_000);
        for (var target = 0; target < Targets; target++)
        {
            samples.Clear();
            _readers[target].Read(_bodies[_generation % Generations][target], settings, samples);
        }

        return samples.Count;
    }

    /// <summary>The whole scrape: schedule, request, read, stale markers, <c>up</c>, store.</summary>
    [Benchmark(OperationsPerInvoke = Targets * SamplesPerTarget)]
    public Task ScrapeAsync() => _loop.RunDueAsync(Next(), CancellationToken.None);

    /// <inheritdoc/>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        _loop.Dispose();
        await _series.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static byte[] Cut(string text)
    {
        var body = new StringBuilder();
        var samples = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#' && ++samples > SamplesPerTarget)
                break;
            body.Append(line).Append('\n');
        }

        return samples > SamplesPerTarget ? Encoding.UTF8.GetBytes(body.ToString()) : throw new InvalidOperationException($"a node gives {samples} samples only");
    }

    private DateTimeOffset Next()
    {
        _generation++;
        _clock.MoveTo(Start.AddSeconds(10 * _generation));
        return _clock.GetUtcNow();
    }

    private sealed class Store(SeriesStore series) : ISampleSink
    {
        public void Append(SampleBatch batch) => series.Append(batch);
    }

    private sealed class Answers(ScrapeBenchmarks owner) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var target = int.Parse(request.RequestUri!.AbsolutePath.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture);
            var content = new ByteArrayContent(owner._bodies[owner._generation % Generations][target]);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain; version=0.0.4");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content });
        }
    }
}
