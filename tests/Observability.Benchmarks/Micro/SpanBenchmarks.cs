using System.Globalization;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Collectors;
using Observability.Model;

namespace Observability.Benchmarks;

/// <summary>
/// What one span costs from the bytes of a request, the network left out, and how much of it is who calls whom: traces of four services and a
/// store, six spans each, whose parents and children come in requests of their own service, as SDKs send them. More spans than are remembered.
/// </summary>
[MemoryDiagnoser]
public class SpanBenchmarks
{
    private const int Traces = 200;
    private const int Batches = 150;
    private const int SpansPerTrace = 6;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Services = ["front", "cart", "stock", "price"];

    // Of which service a span is, its kind (2 server, 3 client), and its parent within the trace.
    private static readonly (int Service, int Kind, int Parent, string Name)[] Shape =
        [(0, 2, -1, "GET /cart"), (0, 3, 0, "GET"), (1, 2, 1, "GET /items"), (2, 2, 2, "GET /stock"), (3, 2, 2, "GET /price"), (2, 3, 3, "HGET")];

    private readonly byte[][][] _bodies = new byte[Batches][][];
    private readonly Nowhere _nowhere = new();
    private OtlpTraceReceiver _times = null!;
    private OtlpTraceReceiver _timesAndCalls = null!;
    private int _batch;

    /// <summary>Writes the requests, and looks whether the calls are found.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var batch = 0; batch < Batches; batch++)
            _bodies[batch] = Requests(random);
        var outside = new Outside(new HttpClient(), TimeProvider.System, NullLoggerFactory.Instance);
        _times = new OtlpTraceReceiver(_nowhere, _nowhere, new OtlpOptions(), outside);
        _timesAndCalls = new OtlpTraceReceiver(_nowhere, _nowhere, new OtlpOptions(), outside, new CallGraph(_nowhere, new CallGraphOptions()));
        TimesAndCalls();
        if (_nowhere.Calls != 4)
            throw new InvalidOperationException($"{_nowhere.Calls} calls were found, not 4");
    }

    /// <summary>Reads the spans and adds their times up.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Traces * SpansPerTrace)]
    public long Times() => Receive(_times);

    /// <summary>The same, and who calls whom.</summary>
    [Benchmark(OperationsPerInvoke = Traces * SpansPerTrace)]
    public long TimesAndCalls() => Receive(_timesAndCalls);

    private long Receive(OtlpTraceReceiver receiver)
    {
        var accepted = 0L;
        foreach (var body in _bodies[_batch++ % Batches])
            accepted += receiver.Receive(body, OtlpEncoding.Protobuf).Accepted;
        return accepted == Traces * SpansPerTrace ? accepted : throw new InvalidOperationException($"{accepted} spans were taken");
    }

    // One request for each service, with its spans of all traces. ExportTraceServiceRequest: resource_spans 1 { resource 1, scope_spans 2 { spans 2 } }.
    private static byte[][] Requests(Random random)
    {
        var ids = Enumerable.Range(0, Traces).Select(_ => (Trace: Id(random, 16), Spans: Shape.Select(_ => Id(random, 8)).ToArray())).ToArray();
        return [.. Services.Select((service, index) =>
        {
            var writer = new ProtoWriter();
            var resourceSpans = writer.Begin(1);
            var resource = writer.Begin(1);
            Attribute(writer, 1, "service.name", service);
            writer.End(resource);
            var scope = writer.Begin(2);
            foreach (var (trace, spans) in ids)
            {
                for (var i = 0; i < Shape.Length; i++)
                {
                    if (Shape[i].Service == index)
                        Span(writer, trace, (spans[i], Shape[i].Parent < 0 ? "" : spans[Shape[i].Parent]), Shape[i]);
                }
            }

            writer.End(scope);
            writer.End(resourceSpans);
            return writer.Written.ToArray();
        })];
    }

    private static void Span(ProtoWriter writer, string trace, (string Own, string Parent) id, (int Service, int Kind, int Parent, string Name) shape)
    {
        var begun = (ulong)Start.ToUnixTimeMilliseconds() * 1_000_000;
        var span = writer.Begin(2);
        writer.Text(1, trace);
        writer.Text(2, id.Own);
        if (id.Parent.Length > 0)
            writer.Text(4, id.Parent);
        writer.Text(5, shape.Name);
        writer.Number(6, (ulong)shape.Kind);
        writer.Fixed64(7, begun);
        writer.Fixed64(8, begun + 3_000_000);
        Attribute(writer, 9, "http.request.method", "GET");
        Attribute(writer, 9, "url.path", "/items/" + shape.Service.ToString(CultureInfo.InvariantCulture));
        if (shape.Name == "HGET")
        {
            Attribute(writer, 9, "db.system.name", "redis");
            Attribute(writer, 9, "server.address", "cache-1");
        }

        writer.End(span);
    }

    private static void Attribute(ProtoWriter writer, int field, string name, string value)
    {
        var pair = writer.Begin(field);
        writer.Text(1, name);
        var any = writer.Begin(2);
        writer.Text(1, value);
        writer.End(any);
        writer.End(pair);
    }

    // Bytes of an id that are letters as well, so that they can be written as text.
    private static string Id(Random random, int length) => new([.. Enumerable.Range(0, length).Select(_ => (char)random.Next(1, 128))]);

    private sealed class Nowhere : ISampleSink, IEventSink, ITopologySink
    {
        public int Calls { get; private set; }

        public void Append(SampleBatch batch)
        {
        }

        public void Publish(TelemetryEvent telemetryEvent)
        {
        }

        public void Apply(TopologyChange change) => Calls += change.Edges.Length;
    }
}
