namespace Observability.Server.Tests;

/// <summary>The endpoints that Grafana and promtool call first, by GET and POST, with Prometheus's words for errors.</summary>
public sealed class PrometheusApiTests : IAsyncLifetime
{
    private const string Form = "application/x-www-form-urlencoded";
    private FakeTargets _targets = null!;
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _targets = await FakeTargets.StartAsync();
        _targets.Serve("/metrics", "things{kind=\"a\"} 7\nthings{kind=\"b\"} 8\n");
        _world = await World.StartAsync(options => options.Collect.Targets.Add(new TargetOptions { Url = _targets.Url + "/metrics", Job = "test", Node = "node-001" }));
        await _world.StepAsync(25);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _targets.DisposeAsync();
    }

    [Theory]
    [InlineData("query?query=sum(things)", """{"resultType":"vector","result":[{"metric":{},"value":[1772366425,"15"]}]}""")]
    [InlineData("query?query=1%2B1", """{"resultType":"scalar","result":[1772366425,"2"]}""")]
    [InlineData("query?query=\"x\"", """{"resultType":"string","result":[1772366425,"x"]}""")]
    [InlineData("query?query=sum(things)&time=2026-03-01T12:00:24Z", """{"resultType":"vector","result":[{"metric":{},"value":[1772366424,"15"]}]}""")]
    [InlineData("query_range?query=vector(3)&start=1772366400&end=1772366420&step=10", """{"resultType":"matrix","result":[{"metric":{},"values":[[1772366400,"3"],[1772366410,"3"],[1772366420,"3"]]}]}""")]
    [InlineData("query_range?query=vector(3)&start=1772366400&end=1772366400&step=1m", """{"resultType":"matrix","result":[{"metric":{},"values":[[1772366400,"3"]]}]}""")]
    [InlineData("format_query?query=sum+by(a)+(rate(b[300s]))", "\"sum by (a) (rate(b[5m]))\"")]
    [InlineData("label/kind/values", """["a","b"]""")]
    [InlineData("label/kind/values?match[]=things{kind=\"b\"}", """["b"]""")]
    [InlineData("labels?match[]=things", """["__name__","instance","job","kind","node"]""")]
    public async Task Get_AndPost_AnswerTheSame(string asked, string data)
    {
        var get = await _world.GetAsync("/api/v1/" + asked);

        Assert.Equal((200, "application/json", "success"), (get.Status, get.Type, (string)get.Json["status"]!));
        Assert.Equal(data, get.Json["data"]!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        var parts = asked.Split('?');
        if (parts[0] is "query" or "query_range" or "labels")
            Assert.Equal(get.Body, (await _world.PostAsync("/api/v1/" + parts[0], parts[1].Replace("\"", "%22", StringComparison.Ordinal), Form)).Body);
    }

    [Theory]
    [InlineData("query?query=sum(", 400, "bad_data", "parse error")]
    [InlineData("query?query=", 400, "bad_data", "")]
    [InlineData("query?query=1&time=noon", 400, "bad_data", "invalid parameter \"time\": cannot parse \"noon\" to a valid timestamp")]
    [InlineData("query_range?query=1&start=1&end=2", 400, "bad_data", "invalid parameter \"step\": cannot parse \"\" to a valid duration")]
    [InlineData("query_range?query=1&start=1&end=2&step=0", 400, "bad_data", "step")]
    [InlineData("query_range?query=1&start=2&end=1&step=1", 400, "bad_data", "end")]
    [InlineData("query_range?query=1&start=0&end=1772366400&step=1", 400, "bad_data", "11")]
    [InlineData("format_query?query=sum(", 400, "bad_data", "invalid parameter \"query\": 1:5: parse error")]
    [InlineData("metadata?limit_per_metric=few", 400, "bad_data", "limit_per_metric must be a number")]
    [InlineData("query_exemplars?query=a&start=2&end=1", 400, "bad_data", "end timestamp must not be before start timestamp")]
    [InlineData("series", 400, "bad_data", "no match[] parameter provided")]
    [InlineData("series?match[]={", 400, "bad_data", "invalid parameter \"match[]\"")]
    [InlineData("labels?start=noon", 400, "bad_data", "invalid parameter \"start\"")]
    [InlineData("nothing", 404, "not_found", "GET /api/v1/nothing: nothing answers this")]
    public async Task Error_HasPrometheusShape(string asked, int status, string type, string says)
    {
        var answer = await _world.GetAsync("/api/v1/" + asked);

        Assert.Equal((status, "error", type), (answer.Status, (string)answer.Json["status"]!, (string)answer.Json["errorType"]!));
        Assert.Contains(says, answer.Error, StringComparison.Ordinal);
        Assert.Equal(200, (await _world.GetAsync("/api/v1/query?query=1")).Status);
    }

    [Fact]
    public async Task Series_AreLabelSets()
    {
        var data = (await _world.GetAsync("/api/v1/series?match[]=things{kind=\"a\"}&match[]=up")).Json["data"]!.AsArray();

        Assert.Equal(["things", "up"], data.Select(one => (string)one!["__name__"]!));
    }

    [Fact]
    public async Task Rules_HaveTheFieldsOfThePublishedShape()
    {
        var groups = (await _world.GetAsync("/api/v1/rules")).Json["data"]!["groups"]!.AsArray();

        foreach (var group in groups)
        {
            Assert.All((string[])["name", "file", "interval", "rules"], field => Assert.NotNull(group![field]));
            foreach (var rule in group!["rules"]!.AsArray())
            {
                string[] fields = (string)rule!["type"]! == "alerting" ? ["state", "duration", "labels", "annotations", "alerts"] : [];
                Assert.All((string[])["name", "query", "health", .. fields], field => Assert.True(rule.AsObject().ContainsKey(field), field));
            }
        }

        Assert.Equal(_world.Platform.Content.RuleGroups.Length, groups.Count);
    }

    [Fact]
    public async Task TargetsAndBuildInfo_SayWhatGrafanaAsks()
    {
        var target = Assert.Single((await _world.GetAsync("/api/v1/targets")).Json["data"]!["activeTargets"]!.AsArray())!;

        Assert.Equal(("up", "test", _targets.Url + "/metrics", ""), ((string)target["health"]!, (string)target["scrapePool"]!, (string)target["scrapeUrl"]!, (string)target["lastError"]!));
        Assert.StartsWith("3.", (string)(await _world.GetAsync("/api/v1/status/buildinfo")).Json["data"]!["version"]!, StringComparison.Ordinal);
    }
}
