using System.Net;
using Observability.Model;

namespace Observability.Metrics.Tests;

public sealed class RemoteQueryEngineTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.FromUnixTimeMilliseconds(1_500_000_000_250);

    [Fact]
    public async Task Query_Vector_IsReadAndAskedAsAForm()
    {
        var server = new ScriptedServer(HttpStatusCode.OK,
            """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"up","job":"a"},"value":[1500000000.25,"+Inf"]}]},"warnings":["w"],"infos":["i"]}""");
        var result = await Engine(server).QueryAsync("up > 0", s_at, CancellationToken.None);
        Assert.Equal([new SeriesSample(LabelSet.Of(("__name__", "up"), ("job", "a")), new Sample(1_500_000_000_250, double.PositiveInfinity))], result.Vector);
        Assert.Equal(["w", "i"], result.Warnings);
        Assert.Equal("POST http://prometheus.test/base/api/v1/query query=up+%3E+0&time=1500000000.25", server.Asked);
    }

    [Fact]
    public async Task QueryRange_Matrix_IsRead()
    {
        var server = new ScriptedServer(HttpStatusCode.OK,
            """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[1.5,"NaN"]]}]}}""");
        var result = await Engine(server).QueryRangeAsync("x", s_at, s_at.AddMinutes(1), TimeSpan.FromSeconds(15), CancellationToken.None);
        Assert.Equal([new Sample(1000, 1), new Sample(1500, double.NaN)], Assert.Single(result.Matrix).Samples);
        Assert.EndsWith("query_range query=x&start=1500000000.25&end=1500000060.25&step=15", server.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"status":"error","errorType":"bad_data","error":"1:1: parse error: x"}""", "bad_data", "1:1: parse error: x")]
    [InlineData(HttpStatusCode.UnprocessableEntity, """{"status":"error","errorType":"execution","error":"many"}""", "execution", "many")]
    [InlineData(HttpStatusCode.UnprocessableEntity, """{"status":"error","errorType":"422","error":"vm says no"}""", "bad_data", "vm says no")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"status":"error","errorType":"timeout","error":"slow"}""", "timeout", "slow")]
    [InlineData(HttpStatusCode.OK, """{"status":"success","data":{"resultType":"cube","result":[]}}""", "unavailable", "unknown resultType cube")]
    public async Task Query_Refused_MapsTheError(HttpStatusCode status, string body, string type, string message)
    {
        var result = await Engine(new ScriptedServer(status, body)).QueryAsync("x", s_at, CancellationToken.None);
        Assert.Equal(new QueryError(type, message), result.Error);
    }

    [Fact]
    public async Task Query_AnsweredByAProxyPage_IsUnavailable()
    {
        var result = await Engine(new ScriptedServer(HttpStatusCode.BadGateway, "<html>")).QueryAsync("x", s_at, CancellationToken.None);
        Assert.Equal("unavailable", result.Error!.Type);
        Assert.StartsWith("HTTP 502 with a body that is no Prometheus API answer", result.Error.Message);
    }

    [Fact]
    public async Task Query_LongerThanTheLimit_IsUnavailable()
    {
        var server = new ScriptedServer(HttpStatusCode.OK, "{\"status\":\"" + new string('x', 5000) + "\"}");
        var engine = new RemoteQueryEngine(Client(server), new RemoteQueryOptions { MaxResponseBytes = 1000 });
        var result = await engine.QueryAsync("x", s_at, CancellationToken.None);
        Assert.Equal(new QueryError("unavailable", "answer of http://prometheus.test/base/ broke off: longer than 1000 bytes"), result.Error);
    }

    [Fact]
    public async Task Query_PartialOrWithNativeHistograms_SaysSo()
    {
        var server = new ScriptedServer(HttpStatusCode.OK,
            """{"status":"success","isPartial":true,"data":{"resultType":"vector","result":[{"metric":{"job":"a"},"histogram":[1,{}]},{"metric":{"job":"b"},"value":[1,"2"]}]},"warnings":["store 10.0.0.7 is away"]}""");
        var result = await Engine(server).QueryAsync("x", s_at, CancellationToken.None);
        Assert.Equal([new SeriesSample(LabelSet.Of(("job", "b")), new Sample(1000, 2))], result.Vector);
        Assert.Equal(
            [
                "store 10.0.0.7 is away",
                "the answer is partial: some of the server's storage nodes did not answer (isPartial)",
                "1 series of the answer hold native histograms, which this platform does not read; they are left out",
            ],
            result.Warnings);
    }

    [Fact]
    public async Task Query_WithoutAServer_IsUnavailable()
    {
        var result = await Engine(new ScriptedServer(null, "refused")).QueryAsync("x", s_at, CancellationToken.None);
        Assert.Equal(new QueryError("unavailable", "no answer from http://prometheus.test/base/: refused"), result.Error);
    }

    private static RemoteQueryEngine Engine(ScriptedServer server) => new(Client(server));

    private static HttpClient Client(ScriptedServer server) => new(server) { BaseAddress = new Uri("http://prometheus.test/base/") };

    private sealed class ScriptedServer(HttpStatusCode? status, string body) : HttpMessageHandler
    {
        public string Asked { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = $"{request.Method} {request.RequestUri} {await request.Content!.ReadAsStringAsync(cancellationToken)}";
            if (status is null)
                throw new HttpRequestException(body);
            return new HttpResponseMessage(status.Value) { Content = new StringContent(body) };
        }
    }
}
