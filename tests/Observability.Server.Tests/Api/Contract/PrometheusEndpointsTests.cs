using System.Text.Json;
using System.Text.Json.Nodes;

namespace Observability.Server.Tests;

/// <summary>What clients of the Prometheus HTTP API read from each endpoint, without the published documents.</summary>
public sealed class PrometheusEndpointsTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private ContractWorld _contract = null!;

    private World World => _contract.World;

    public async ValueTask InitializeAsync() => _contract = await ContractWorld.StartAsync(options =>
    {
        options.Server.ApiKeys.Add("ops:0123456789abcdef");
        options.Server.SlackSigningSecret = "slack-signs-with-this";
        options.Notify.Channels.Add(new ChannelOptions { Name = "pager", Kind = "webhook", Url = "http://127.0.0.1:1/hook/t0ken", Secret = "whsec_c2VjcmV0" });
    });

    public ValueTask DisposeAsync() => _contract.DisposeAsync();

    [Theory]
    [InlineData("status/buildinfo", "version,revision,branch,buildUser,buildDate,goVersion")]
    [InlineData("status/runtimeinfo", "startTime,CWD,hostname,serverTime,reloadConfigSuccess,lastConfigTime,corruptionCount,goroutineCount,GOMAXPROCS,GOMEMLIMIT,GOGC,GODEBUG,storageRetention")]
    [InlineData("status/config", "yaml")]
    [InlineData("status/tsdb", "headStats,seriesCountByMetricName,labelValueCountByLabelName,memoryInBytesByLabelName,seriesCountByLabelValuePair")]
    [InlineData("alertmanagers", "activeAlertmanagers,droppedAlertmanagers")]
    [InlineData("targets", "activeTargets,droppedTargets,droppedTargetCounts")]
    [InlineData("scrape_pools", "scrapePools")]
    [InlineData("rules", "groups")]
    [InlineData("alerts", "alerts")]
    [InlineData("features", "api,promql")]
    public async Task Get_HasTheFieldsOfPrometheus(string path, string fields) =>
        Assert.Equal(fields, string.Join(',', (await DataAsync(path)).AsObject().Select(field => field.Key)));

    [Theory]
    [InlineData("query?query=things&limit=1", """[{"metric":{"__name__":"things","instance":"*","job":"test","kind":"a","node":"node-001"},"value":[1772366425,"7"]}]""", true)]
    [InlineData("label/kind/values?limit=1", """["a"]""", true)]
    [InlineData("label/kind/values?limit=2", """["a","b"]""", false)]
    [InlineData("labels?match[]=things&limit=2", """["__name__","instance"]""", true)]
    [InlineData("series?match[]=things{kind=\"a\"}&limit=1", """[{"__name__":"things","instance":"*","job":"test","kind":"a","node":"node-001"}]""", false)]
    [InlineData("label/kind/values?match[]=things&start=0&end=1", "[]", false)]
    public async Task Limit_CutsAndWarns(string path, string data, bool warns)
    {
        var answer = await World.GetAsync("/api/v1/" + path);

        var got = answer.Json["data"] is JsonObject query ? query["result"]! : answer.Json["data"]!;
        Assert.Equal(data.Replace("*", new Uri(_contract.TargetUrl).Authority, StringComparison.Ordinal), got.ToJsonString(Plain));
        Assert.Equal(warns ? """["results truncated due to limit"]""" : null, answer.Json["warnings"]?.ToJsonString());
    }

    [Fact]
    public async Task LookbackDelta_ReachesTheEngine()
    {
        // The last scrape is 5 s old.
        Assert.Equal(2, (await DataAsync("query?query=things&time=1772366525&lookback_delta=2m"))["result"]!.AsArray().Count);
        Assert.Empty((await DataAsync("query?query=things&time=1772366525&lookback_delta=30"))["result"]!.AsArray());
        Assert.Empty((await DataAsync("query_range?query=things&start=1772366525&end=1772366525&step=1&lookback_delta=30s"))["result"]!.AsArray());
    }

    [Fact]
    public async Task Timeout_EndsTheQuery()
    {
        var answer = await World.GetAsync("/api/v1/query?query=things&timeout=0.000001");

        Assert.Equal((503, "timeout"), (answer.Status, (string)answer.Json["errorType"]!));
        Assert.Equal(200, (await World.GetAsync("/api/v1/query?query=things&timeout=1h")).Status);
    }

    [Fact]
    public async Task Stats_CountSamplesAndTime()
    {
        var stats = (await DataAsync("query?query=sum_over_time(things[1m])&stats=true"))["stats"]!;

        Assert.Equal(["evalTotalTime", "resultSortTime", "queryPreparationTime", "innerEvalTime", "execQueueTime", "execTotalTime"], stats["timings"]!.AsObject().Select(field => field.Key));
        Assert.InRange((double)stats["timings"]!["evalTotalTime"]!, 1e-9, 60);
        Assert.InRange((int)stats["samples"]!["totalQueryableSamples"]!, 4, 20);
        Assert.Null((await DataAsync("query?query=things"))["stats"]);
    }

    [Theory]
    [InlineData("a offset 5m", """{"type":"vectorSelector","name":"a","matchers":[{"name":"__name__","value":"a","type":"="}],"offset":300000,"timestamp":null,"startOrEnd":null}""")]
    [InlineData("rate({b=~\"x\"}[1m] @ 2)", """{"type":"call","func":{"name":"rate","argTypes":["matrix"],"variadic":0,"returnType":"vector"},"args":[{"type":"matrixSelector","range":60000,"name":"","matchers":[{"name":"b","value":"x","type":"=~"}],"offset":0,"timestamp":2000,"startOrEnd":null}]}""")]
    [InlineData("sum by(a) (1 - (\"x\" == \"x\"))", null)]
    [InlineData("-topk(2, a[1h:])", null)]
    [InlineData("topk without(l) (2, -a)", """{"type":"aggregation","op":"topk","expr":{"type":"unaryExpr","op":"-","expr":{"type":"vectorSelector","name":"a","matchers":[{"name":"__name__","value":"a","type":"="}],"offset":0,"timestamp":null,"startOrEnd":null}},"param":{"type":"numberLiteral","val":"2"},"grouping":["l"],"without":true}""")]
    [InlineData("1 > bool 2e3", """{"type":"binaryExpr","op":"\u003E","lhs":{"type":"numberLiteral","val":"1"},"rhs":{"type":"numberLiteral","val":"2000"},"bool":true,"matching":null}""")]
    public async Task ParseQuery_GivesTheTree(string query, string? tree)
    {
        var answer = await World.GetAsync("/api/v1/parse_query?query=" + Uri.EscapeDataString(query));

        Assert.Equal(tree is null ? 400 : 200, answer.Status);
        if (tree is not null)
            Assert.Equal(JsonNode.Parse(tree)!.ToJsonString(Plain), answer.Json["data"]!.ToJsonString(Plain));
    }

    [Fact]
    public async Task FormatQuery_SplitsWhatIsLongerThanALine()
    {
        const string query = "sum by (job) (rate(a_rather_long_metric_name_total{job=\"a\"}[5m])) / on (job) group_left () max(another_rather_long_metric_name{job=\"a\"})";

        Assert.Equal(
            "  sum by (job) (rate(a_rather_long_metric_name_total{job=\"a\"}[5m]))\n/ on (job) group_left ()\n  max(another_rather_long_metric_name{job=\"a\"})",
            (string?)await DataAsync("format_query?query=" + Uri.EscapeDataString(query)));
    }

    [Fact]
    public async Task Rules_AreFilteredAndPaged()
    {
        Assert.Equal("things:sum,ManyThings,NoThings,things:max", await RulesAsync(""));
        Assert.Equal("ManyThings,NoThings", await RulesAsync("?type=alert"));
        Assert.Equal("things:max", await RulesAsync("?rule_name[]=things:max&rule_name[]=none"));
        Assert.Equal("things:sum,ManyThings", await RulesAsync("?rule_group[]=first"));
        Assert.Equal("", await RulesAsync("?file[]=other.yaml"));
        Assert.Equal("things:sum", await RulesAsync("?match[]={team=\"gpu\"}"));
        Assert.Equal("ManyThings", await RulesAsync("?match[]={severity=\"critical\"}"));
        var first = await DataAsync("rules?group_limit=2&type=record");
        Assert.Equal(2, first["groups"]!.AsArray().Count);
        Assert.Null(first["groupNextToken"]);
        var page = await DataAsync("rules?group_limit=1");
        var next = await DataAsync($"rules?group_limit=1&group_next_token={(string)page["groupNextToken"]!}");
        Assert.Equal(("first", "second"), ((string)page["groups"]![0]!["name"]!, (string)next["groups"]![0]!["name"]!));
    }

    [Fact]
    public async Task Alert_HasValueWithExponent_AndCanBeLeftOutOfRules()
    {
        var alert = Assert.Single((await DataAsync("alerts"))["alerts"]!.AsArray())!;

        Assert.Equal(("firing", "8e+00", "8 things of b", "b"), ((string)alert["state"]!, (string)alert["value"]!, (string)alert["annotations"]!["summary"]!, (string)alert["labels"]!["kind_name"]!));
        Assert.Single((await DataAsync("rules?rule_name[]=ManyThings"))["groups"]![0]!["rules"]![0]!["alerts"]!.AsArray());
        Assert.Empty((await DataAsync("rules?rule_name[]=ManyThings&exclude_alerts=true"))["groups"]![0]!["rules"]![0]!["alerts"]!.AsArray());
        Assert.Equal(7, (int)(await DataAsync("rules?rule_name[]=ManyThings"))["groups"]![0]!["limit"]!);
    }

    [Fact]
    public async Task LinkOfAnAlert_LeadsToItsExpression()
    {
        var alert = Assert.Single(World.Snapshot.Alerts.Values, view => view.Alert.Name == "ManyThings").Alert;
        Assert.Equal("http://127.0.0.1:7070/graph?g0.expr=things+%3E+7&g0.tab=1", alert.GeneratorUrl);

        using var page = await World.Http.GetAsync(new Uri(alert.GeneratorUrl).PathAndQuery, TestContext.Current.CancellationToken);

        Assert.Equal((System.Net.HttpStatusCode.OK, "/explore?expr=things%20%3E%207"), (page.StatusCode, page.RequestMessage!.RequestUri!.PathAndQuery));
    }

    [Fact]
    public async Task Configuration_ShowsNoSecret()
    {
        var yaml = (string)(await DataAsync("status/config"))["yaml"]!;

        Assert.Contains("  interval: 10s\n", yaml, StringComparison.Ordinal);
        Assert.Contains("    - url: \"" + _contract.TargetUrl + "\"\n      job: \"test\"\n", yaml, StringComparison.Ordinal);
        Assert.DoesNotMatch("0123456789abcdef|slack-signs|t0ken|c2VjcmV0", yaml);
        Assert.Equal(4, System.Text.RegularExpressions.Regex.Count(yaml, "\"<secret>\""));
    }

    [Fact]
    public async Task Store_CountsWhatItHolds()
    {
        var data = await DataAsync("status/tsdb?limit=500");

        Assert.Equal(World.Platform.Series.Statistics.SeriesCount, (int)data["headStats"]!["numSeries"]!);
        Assert.Equal(1_772_366_425_000, (long)data["headStats"]!["maxTime"]!);
        Assert.Contains("""{"name":"things","value":2}""", data["seriesCountByMetricName"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("""{"name":"kind=a","value":1}""", data["seriesCountByLabelValuePair"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Single((await DataAsync("status/tsdb?limit=1"))["labelValueCountByLabelName"]!.AsArray());
    }

    [Fact]
    public async Task Targets_SayWhatTheyExpose()
    {
        var said = Assert.Single((await DataAsync("targets/metadata?match_target={job=\"test\"}&metric=things")).AsArray())!;

        Assert.Equal(("gauge", "Things that are there.", "node-001"), ((string)said["type"]!, (string)said["help"]!, (string)said["target"]!["node"]!));
        Assert.Contains("waits_seconds", (await DataAsync("targets/metadata")).AsArray().Select(one => (string)one!["metric"]!));
        Assert.Equal(404, (await World.GetAsync("/api/v1/targets/metadata?metric=none")).Status);
        Assert.Contains("job_name: \"test\"\nscrape_interval: 10s\n", (string)(await DataAsync("scrape_pools/config?scrapePool=test"))["yaml"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metric_names?search[]=thngs&include_metadata=true", "{\"results\":[{\"name\":\"things\",\"type\":\"gauge\",\"help\":\"Things that are there.\",\"unit\":\"\"},{\"name\":\"things:max\"},{\"name\":\"things:sum\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("metric_names?search[]=things&sort_by=score&limit=1&include_score=true", "{\"results\":[{\"name\":\"things\",\"score\":1}]}\n{\"status\":\"success\",\"has_more\":true}\n")]
    [InlineData("label_values?label=kind&sort_dir=dsc&batch_size=1", "{\"results\":[{\"value\":\"b\"}]}\n{\"results\":[{\"value\":\"a\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    [InlineData("label_names?search[]=KIND&case_sensitive=false&fuzz_alg=jarowinkler&fuzz_threshold=85", "{\"results\":[{\"name\":\"kind\"},{\"name\":\"kind_name\"}]}\n{\"status\":\"success\",\"has_more\":false}\n")]
    public async Task Search_AnswersLineByLine(string path, string lines)
    {
        var answer = await World.GetAsync("/api/v1/search/" + path);

        Assert.Equal((200, "application/x-ndjson"), (answer.Status, answer.Type));
        Assert.Equal(lines, answer.Body);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, true, true)]
    public async Task EngineSwitches_HoldForQueriesAndRules(bool experimental, bool leftClosed, bool delayed)
    {
        var rules = Observability.Content.RuleFileReader.Read(new Observability.Content.ContentFile("e.rules.yaml", """
            groups: [{name: e, rules: [{record: "one:thing", expr: "limitk(1, vector(3))"}]}]
            """)).Value;
        await using var world = await World.StartAsync(
            options => (options.Metrics.ExperimentalFunctions, options.Metrics.LeftClosedRanges, options.Metrics.DelayedNameRemoval) = (experimental, leftClosed, delayed),
            new Observability.Content.ContentSet { RuleGroups = rules });
        await world.StepAsync(10);

        Assert.Equal(experimental ? 200 : 400, (await world.GetAsync("/api/v1/query?query=limitk(1,vector(1))")).Status);
        Assert.Equal(experimental ? 200 : 400, (await world.GetAsync("/api/v1/format_query?query=limitk(1,a)")).Status);
        Assert.Equal(experimental ? 200 : 400, (await world.GetAsync("/api/v1/parse_query?query=limitk(1,a)")).Status);
        Assert.Equal(experimental ? "ok" : "err", (string)(await world.GetAsync("/api/v1/rules")).Json["data"]!["groups"]![0]!["rules"]![0]!["health"]!);
        Assert.Equal(experimental, ContentCheck.Check(rules, experimental).Count == 0);
        // One step of 1 s over a subquery of 3 s: 4 points closed on the left, 3 open.
        Assert.Equal(leftClosed ? "4" : "3", (string)(await world.GetAsync("/api/v1/query?query=count_over_time(vector(1)[3s:1s])")).Json["data"]!["result"]![0]!["value"]![1]!);
        var features = (await world.GetAsync("/api/v1/features")).Json["data"]!["promql"]!;
        Assert.Equal((experimental, !leftClosed, delayed), ((bool)features["experimental_functions"]!, (bool)features["left_open_ranges"]!, (bool)features["delayed_name_removal"]!));
    }

    [Fact]
    public async Task FailedReload_IsANotification()
    {
        Assert.Empty((await DataAsync("notifications")).AsArray());
        World.Platform.Options.Content.Rules = Path.Combine(Path.GetTempPath(), "no-such-folder");

        Assert.NotEmpty(World.Platform.Reload().Findings);

        var notification = Assert.Single((await DataAsync("notifications")).AsArray())!;
        Assert.StartsWith("Configuration reload has failed: ", (string)notification["text"]!, StringComparison.Ordinal);
        Assert.False((bool)(await DataAsync("status/runtimeinfo"))["reloadConfigSuccess"]!);
    }

    [Fact]
    public async Task EscapedLabelName_IsRead() =>
        Assert.Equal("""["a","b"]""", (await DataAsync("label/U__ki_6e_d/values")).ToJsonString());

    [Fact]
    public void EveryKeyThatMayHoldASecret_IsMarked() =>
        Assert.Equal([], Properties(typeof(ObservabilityOptions)).Where(property =>
            System.Text.RegularExpressions.Regex.IsMatch(property.Name, "Secret|Password|Token|Key") && !property.IsDefined(typeof(SecretAttribute), false)));

    private static IEnumerable<System.Reflection.PropertyInfo> Properties(Type type) => type.GetProperties().SelectMany(property =>
    {
        var inner = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        return inner.Namespace == type.Namespace && inner.IsClass ? Properties(inner).Prepend(property) : [property];
    });

    private async Task<JsonNode> DataAsync(string path)
    {
        var answer = await World.GetAsync("/api/v1/" + path.Replace("\"", "%22", StringComparison.Ordinal));
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json["data"]!;
    }

    private async Task<string> RulesAsync(string query) =>
        string.Join(',', (await DataAsync("rules" + query))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Select(rule => (string)rule!["name"]!));
}
