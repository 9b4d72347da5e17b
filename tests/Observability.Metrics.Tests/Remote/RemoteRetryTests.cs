using System.Net;
using System.Net.Http.Headers;
using Observability.Model;

namespace Observability.Metrics.Tests;

public sealed class RemoteRetryTests
{
    private const string Success = """{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}""";
    private static readonly RemoteQueryOptions s_options = new() { RetryDelay = TimeSpan.Zero };

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "slow down")]
    [InlineData(HttpStatusCode.BadGateway, "<html>")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"status":"error","errorType":"unavailable","error":"starting"}""")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"status":"error","errorType":"503","error":"too many concurrent requests"}""")]
    [InlineData(HttpStatusCode.GatewayTimeout, "")]
    [InlineData(null, "connection refused")]
    public async Task Query_OfABusyServer_IsAskedAgainAndAnswered(HttpStatusCode? status, string body)
    {
        var server = new Server((status, body), (status, body), (HttpStatusCode.OK, Success));
        var result = await new RemoteQueryEngine(Client(server), s_options).QueryAsync("7", DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.Equal((3, null, new Sample(1000, 7)), (server.Asked, result.Error, result.Scalar));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, """{"status":"error","errorType":"bad_data","error":"no"}""", "bad_data")]
    [InlineData(HttpStatusCode.UnprocessableEntity, """{"status":"error","errorType":"execution","error":"no"}""", "execution")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"status":"error","errorType":"timeout","error":"no"}""", "timeout")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"status":"error","errorType":"canceled","error":"no"}""", "timeout")]
    [InlineData(HttpStatusCode.OK, "no JSON", "unavailable")]
    public async Task Query_ThatFailsForGood_IsAskedOnce(HttpStatusCode status, string body, string type)
    {
        var server = new Server((status, body), (HttpStatusCode.OK, Success));
        var result = await new RemoteQueryEngine(Client(server), s_options).QueryAsync("7", DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.Equal((1, type), (server.Asked, result.Error?.Type));
    }

    [Fact]
    public async Task ServerThatStaysAway_IsAskedOncePerQueryUntilItAnswersAgain()
    {
        (HttpStatusCode?, string) away = (null, "refused");
        var server = new Server(away, away, away, away, away, (HttpStatusCode.OK, Success), away, (HttpStatusCode.OK, Success));
        var engine = new RemoteQueryEngine(Client(server), s_options);
        var asked = new List<(int, bool)>();
        for (var query = 0; query < 5; query++)
        {
            var result = await engine.QueryAsync("7", DateTimeOffset.UnixEpoch, CancellationToken.None);
            asked.Add((server.Asked, result.Error is null));
        }

        Assert.Equal([(3, false), (4, false), (5, false), (6, true), (8, true)], asked);
    }

    [Fact]
    public async Task AnswerBeyondTheLimit_IsNotAskedForAgain()
    {
        var server = new Server((HttpStatusCode.OK, new string(' ', 2000)), (HttpStatusCode.OK, Success));
        var engine = new RemoteQueryEngine(Client(server), new RemoteQueryOptions { RetryDelay = TimeSpan.Zero, MaxResponseBytes = 1000 });
        var result = await engine.QueryAsync("7", DateTimeOffset.UnixEpoch, CancellationToken.None);
        Assert.Equal((1, "answer of http://prometheus.test/ broke off: longer than 1000 bytes"), (server.Asked, result.Error?.Message));
    }

    [Fact]
    public async Task Delay_DoublesAndHeedsTheServerUpToALimit()
    {
        var options = new RemoteQueryOptions { RetryDelay = TimeSpan.FromSeconds(1), MaxRetryDelay = TimeSpan.FromSeconds(5) };
        Assert.Equal([1, 2, 4, 5], Enumerable.Range(0, 4).Select(repetition => RemoteQueryEngine.DelayBefore(repetition, null, options).TotalSeconds));
        Assert.Equal(3, RemoteQueryEngine.DelayBefore(0, TimeSpan.FromSeconds(3), options).TotalSeconds);
        Assert.Equal(5, RemoteQueryEngine.DelayBefore(0, TimeSpan.FromHours(1), options).TotalSeconds);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var server = new Server((HttpStatusCode.TooManyRequests, ""), (HttpStatusCode.OK, Success)) { RetryAfter = TimeSpan.FromSeconds(30) };
        var engine = new RemoteQueryEngine(Client(server), new RemoteQueryOptions { MaxRetryDelay = TimeSpan.FromMinutes(1) });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await engine.QueryAsync("7", DateTimeOffset.UnixEpoch, patience.Token));
        Assert.Equal(1, server.Asked);
    }

    private static HttpClient Client(Server server) => new(server) { BaseAddress = new Uri("http://prometheus.test/") };

    private sealed class Server(params (HttpStatusCode? Status, string Body)[] script) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        public TimeSpan? RetryAfter { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = script[Asked++];
            if (status is null)
                throw new HttpRequestException(body);
            var answer = new HttpResponseMessage(status.Value) { Content = new StringContent(body) };
            if (RetryAfter is { } wait)
                answer.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
            return Task.FromResult(answer);
        }
    }
}
