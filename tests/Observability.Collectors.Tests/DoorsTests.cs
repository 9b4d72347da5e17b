using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors.Tests;

public sealed class DoorsTests
{
    [Fact]
    public async Task Doors_OverHttp_AnswerAsTheirProtocolsSay()
    {
        var world = new World();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapOtlp(new OtlpReceiver(world, new OtlpOptions { BodyLimitBytes = 100 }, world.Outside));
        app.MapAlertmanager(new AlertmanagerInbox(world, new AlertmanagerOptions { BodyLimitBytes = 100 }, world.Outside));
        app.MapChanges(new ChangesInbox(world, world.Outside));
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        Assert.Equal("200 {}", await PostAsync(http, "/v1/metrics", "{}", "application/json"));
        Assert.Equal("200 ", await PostAsync(http, "/v1/metrics", "", "application/x-protobuf"));
        Assert.Equal("""400 {"code":3,"message":"the body has no list resourceMetrics"}""", await PostAsync(http, "/v1/metrics", "[]", "application/json"));
        Assert.Equal("""413 {"code":8,"message":"the body is larger than 100 bytes"}""", await PostAsync(http, "/v1/metrics", new string(' ', 101), "application/json"));
        Assert.Equal(
            "415 Content-Type 'text/plain' is not supported; send application/x-protobuf or application/json",
            await PostAsync(http, "/v1/metrics", "{}", "text/plain"));
        Assert.Equal("200 ", await PostAsync(http, "/api/v2/alerts", """[{"labels":{"alertname":"X"}}]""", "application/json"));
        Assert.Equal("400 \"the body must be a JSON list of alerts\"", await PostAsync(http, "/api/v2/alerts", "7", "application/json"));
        Assert.Equal("413 \"the body is larger than 100 bytes\"", await PostAsync(http, "/api/v2/alerts", new string(' ', 101), "application/json"));
        Assert.Equal("200 ", await PostAsync(http, "/api/webhooks/alertmanager", """{"version":"4","alerts":[]}""", "application/json"));
        Assert.Equal("""200 {"accepted":1,"errors":""}""", await PostAsync(http, "/api/changes", """[{"kind":"deploy"}]""", "application/json"));
        Assert.Equal(["change:deploy"], world.Events.Select(read => read.Code));
    }

    private static async Task<string> PostAsync(HttpClient http, string path, string body, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }
}
