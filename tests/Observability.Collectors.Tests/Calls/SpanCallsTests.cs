using System.Text;

namespace Observability.Collectors.Tests.Calls;

/// <summary>Calls in spans, through the door that takes them.</summary>
public sealed class SpanCallsTests
{
    private readonly World _world = new();
    private readonly OtlpTraceReceiver _traces;

    public SpanCallsTests() => _traces = new OtlpTraceReceiver(_world, _world, new OtlpOptions(), _world.Outside, new CallGraph(_world, new CallGraphOptions()));

    private IEnumerable<string> Calls => _world.Changes.SelectMany(change => change.Edges).Select(edge => $"{edge.From.Name} > {edge.To.Name}");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void SpanWithAParentElsewhere_IsACall_InWhicheverOrderTheyCome(bool parentFirst)
    {
        string[] requests = [Of("front", Span(1, 0, 3)), Of("cart", Span(2, 1, 2), Span(3, 2, 1))];
        foreach (var request in parentFirst ? requests : requests.Reverse())
            Push(request);

        Assert.Equal(["front > cart"], Calls);
        Push(Of("cart", Span(9, 1, 2)));
        Assert.Equal(["front > cart"], Calls);
    }

    [Fact]
    public void SeveralServices_WaitForOneParent()
    {
        Push(Of("cart", Span(2, 1, 5)), Of("mail", Span(3, 1, 5)), Of("mail", Span(4, 1, 5)));
        Assert.Empty(Calls);

        Push(Of("front", Span(1, 0, 4)));

        Assert.Equal(["front > cart", "front > mail"], Calls);
    }

    [Fact]
    public void ClientSpan_SaysWhomItAsks()
    {
        Push(
            Of("cart", Span(1, 0, 3, ("peer.service", "mail"), ("server.address", "10.0.0.1"))),
            Of("cart", Span(2, 0, 3, ("service.peer.name", "stock"))),
            Of("cart", Span(3, 0, 3, ("db.system", "redis"), ("net.peer.name", "cache-1"))),
            Of("cart", Span(4, 0, 3, ("db.system.name", "postgresql"), ("server.address", "db-1"))),
            Of("cart", Span(5, 0, 4, ("messaging.system", "kafka"), ("server.address", "queue"))),
            Of("cart", Span(6, 0, 3, ("db.system", "sqlite"))),
            Of("cart", Span(7, 0, 2, ("peer.service", "asker"))));

        Assert.Equal(["cart > kafka@queue", "cart > mail", "cart > postgresql@db-1", "cart > redis@cache-1", "cart > stock"], Calls.Order(StringComparer.Ordinal));
        Assert.Equal("redis", _world.Changes.SelectMany(change => change.Entities).Single(entity => entity.Id.Name == "redis@cache-1").Attributes["system"]);
    }

    [Fact]
    public void TrainingJobs_AreNoServices()
    {
        Push(
            Of("front", Span(1, 0, 3)),
            Of("llm", Span(2, 1, 2, ("job_name", "llm"))), Of("llm", Span(3, 1, 2, ("rank", "4"))), Of("llm", Span(4, 1, 2).Replace("\"op\"", "\"train_step\"", StringComparison.Ordinal)),
            Of("unknown_service:java", Span(5, 1, 2)), Of("", Span(6, 1, 2)));

        Assert.Empty(_world.Changes);
        Assert.NotEmpty(_world.Batches);
    }

    [Fact]
    public void SpansWithoutIds_AreNobodysParent()
    {
        Push(Of("front", """{"name":"op","startTimeUnixNano":"5","endTimeUnixNano":"6","kind":3}"""), Of("cart", """{"name":"op","startTimeUnixNano":"5","endTimeUnixNano":"6","kind":2,"parentSpanId":"zz"}"""));

        Assert.Empty(Calls);
    }

    [Fact]
    public void Memory_PastItsLimit_ForgetsTheOldest()
    {
        var spans = new SpanCalls(new CallGraph(_world, new CallGraphOptions()), spanLimit: 3, waitingLimit: 1);
        OtlpSpan One(string service, int id, int parent) => new()
        {
            Resource = [KeyValuePair.Create("service.name", service)],
            TraceId = new string('a', 32),
            SpanId = $"{id:x16}",
            ParentSpanId = parent == 0 ? "" : $"{parent:x16}",
            Kind = 2,
        };

        spans.See([One("a", 1, 0), One("b", 2, 0), One("c", 3, 0), One("d", 4, 1), One("d", 5, 3)], World.Start);
        Assert.Equal(["c > d"], Calls);
        spans.See([One("e", 6, 8), One("f", 7, 9), One("g", 8, 0), One("h", 9, 0)], World.Start);

        Assert.Equal(["c > d", "h > f"], Calls);
    }

    [Fact]
    public void Protobuf_TellsParentAndKindToo()
    {
        // ResourceSpans 1 { resource 1 { attributes 1 { key 1, value 2 { string 1 } } }, scope_spans 2 { spans 2 { … } } }
        static byte[] Of(string service, int id, int parent, byte kind) => Field(1,
            [.. Field(1, Field(1, [.. Field(1, "service.name"u8), .. Field(2, Field(1, Encoding.UTF8.GetBytes(service)))])), .. Field(2, Field(2, Span(id, parent, kind)))]);
        static byte[] Span(int id, int parent, byte kind) =>
        [
            .. Field(1, new byte[16]), .. Field(2, [0, 0, 0, 0, 0, 0, 0, (byte)id]), .. parent == 0 ? [] : Field(4, [0, 0, 0, 0, 0, 0, 0, (byte)parent]),
            .. Field(5, "op"u8), 6 << 3, kind, (7 << 3) | 1, 1, 0, 0, 0, 0, 0, 0, 0, (8 << 3) | 1, 2, 0, 0, 0, 0, 0, 0, 0,
        ];

        // The second one's kind says that it does not wait for a parent of another service.
        foreach (var request in (byte[][])[Of("mail", 2, 1, 2), Of("cart", 3, 1, 1), Of("front", 1, 0, 3)])
            Assert.Equal(new OtlpOutcome(200, 1, 0, ""), _traces.Receive(request, OtlpEncoding.Protobuf));

        Assert.Equal(["front > mail"], Calls);
    }

    private static byte[] Field(int number, ReadOnlySpan<byte> content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];

    private void Push(params string[] resources) =>
        Assert.Equal(200, _traces.Receive(World.Utf8($$"""{"resourceSpans":[{{string.Join(',', resources)}}]}"""), OtlpEncoding.Json).Status);

    private static string Of(string service, params string[] spans) =>
        $$$"""{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"{{{service}}}"}}]},"scopeSpans":[{"spans":[{{{string.Join(',', spans)}}}]}]}""";

    private static string Span(int id, int parent, int kind, params (string Key, string Value)[] attributes)
    {
        var listed = string.Join(',', attributes.Select(one => $$$"""{"key":"{{{one.Key}}}","value":{"stringValue":"{{{one.Value}}}"} }"""));
        var of = parent == 0 ? "" : $"{parent:x16}";
        return $$"""{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"{{id:x16}}","parentSpanId":"{{of}}","kind":{{kind}},"name":"op","startTimeUnixNano":"1000","endTimeUnixNano":"2000","attributes":[{{listed}}]}""";
    }
}
