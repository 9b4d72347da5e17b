using Observability.Testing;

namespace Observability.Server.Tests;

/// <summary>Our answers, good and bad, held to the OpenAPI documents that Prometheus publishes of its HTTP API.</summary>
public sealed class OpenApiGoldenTests(ITestOutputHelper output)
{
    private const string Form = "application/x-www-form-urlencoded";

    // The document says that both members of a string result are texts; Prometheus and we give the time as a number.
    private const string NotAsDocumented = "query=\"x\"";

    // What to ask each operation: one answer that succeeds or more, and behind the bar what must be refused.
    private static readonly Dictionary<string, string[]> Asked = new(StringComparer.Ordinal)
    {
        ["GET /query"] = ["query=things&stats=all&lookback_delta=5m&timeout=10s&limit=1", "query=1", "query=things[1m]", "query=rate(things[1m])", "|query=sum(", "|query=things&lookback_delta=-1s", "|query=things&limit=-1", "|query=things&timeout=x", "|query=label_replace(things,\"kind\",\"\",\"\",\"\")"],
        ["GET /query_range"] = ["query=things&start=1772366400&end=1772366420&step=5&stats=true", "|query=things&start=2&end=1&step=1", "|query=things&start=1&end=2"],
        ["GET /query_exemplars"] = ["query=waits_seconds_bucket&start=1772366000&end=1772366500", "|query=waits_seconds_bucket&start=2&end=1"],
        ["GET /format_query"] = ["query=sum(a)+by+(b)", "|query=sum("],
        ["GET /parse_query"] = ["query=-sum+by(a)(rate(b{c!=\"d\"}[5m]+offset+1m))+*+on(a)+group_left(e)+f+@+start()", "query=topk(3,max_over_time(a[1h:1m]))+>+bool+(2)", "|query=sum("],
        ["GET /labels"] = ["", "match[]=things&start=1772366400&end=1772366425&limit=1", "|match[]={", "|limit=-1"],
        ["GET /label/{name}/values"] = ["match[]=things&limit=1", "|start=noon"],
        ["GET /search/metric_names"] = ["search[]=thin&include_score=true&include_metadata=true", "|sort_by=size"],
        ["GET /search/label_names"] = ["search[]=jb&sort_by=score", "|fuzz_threshold=101"],
        ["GET /search/label_values"] = ["label=kind", "|search[]=a"],
        ["GET /series"] = ["match[]=things&limit=1", "match[]=nothing", "|"],
        ["GET /metadata"] = ["", "metric=things&limit=1&limit_per_metric=1", "|limit=few"],
        ["GET /scrape_pools"] = [""],
        ["GET /scrape_pools/config"] = ["scrapePool=test", "|scrapePool=none", "|"],
        ["GET /targets"] = ["", "state=active&scrapePool=test", "state=dropped", "|state=lost"],
        ["GET /targets/metadata"] = ["match_target={job=\"test\"}&metric=things&limit=1", "|metric=none", "|match_target={"],
        ["GET /rules"] = ["", "type=alert&exclude_alerts=true", "group_limit=1", "rule_name[]=ManyThings&rule_group[]=first&file[]=things.rules.yaml&match[]={severity=\"critical\"}", "|type=other", "|group_next_token=x", "|group_limit=0", "|group_limit=1&group_next_token=x"],
        ["GET /alerts"] = [""],
        ["GET /alertmanagers"] = [""],
        ["GET /status/config"] = [""],
        ["GET /status/runtimeinfo"] = [""],
        ["GET /status/buildinfo"] = [""],
        ["GET /status/flags"] = [""],
        ["GET /status/tsdb"] = ["", "limit=1", "|limit=0"],
        ["GET /notifications"] = [""],
        ["GET /features"] = [""],
        // Pushes are refused in the words of their own protocols, as in Prometheus; their doors have tests of their own.
        ["POST /write"] = [],
        ["POST /otlp/v1/metrics"] = [],
    };

    [Theory]
    [InlineData("openapi_3.1_golden.yaml")]
    [InlineData("openapi_3.2_golden.yaml")]
    public async Task Answers_HaveTheDocumentedShape(string document)
    {
        var file = Path.Combine(SharedData.Folder("prometheus-openapi"), document);
        Assert.SkipUnless(File.Exists(file), $"{file} is absent; it is data beside the repository");
        var contract = OpenApiContract.Read(file);
        await using var contracted = await ContractWorld.StartAsync();
        var (faults, served, missing, checks) = (new List<string>(), new List<string>(), new List<string>(), 0);
        foreach (var operation in contract.Operations)
        {
            var queries = Asked.GetValueOrDefault(operation.Replace("POST", "GET", StringComparison.Ordinal)) ?? Asked.GetValueOrDefault(operation);
            (queries is null || !await IsServedAsync(contracted.World, operation) ? missing : served).Add(operation);
            foreach (var query in served.Contains(operation) ? queries! : [])
            {
                var answer = await AskAsync(contracted.World, operation, query.TrimStart('|'));
                checks++;
                if (answer.Status >= 400 != query.StartsWith('|'))
                    faults.Add($"{operation} {query}: status {answer.Status}: {answer.Body}");
                faults.AddRange(contract.Faults(operation, answer).Select(fault => $"{operation} {query}: {fault}"));
            }
        }

        output.WriteLine($"{document}: {checks} answers validated; {served.Count} of {contract.Operations.Count} operations served");
        output.WriteLine("not served: " + string.Join(", ", missing));
        Assert.Equal([], faults);
        Assert.Equal(
            [
                "GET /targets/relabel_steps", "GET /status/tsdb/blocks", "GET /status/walreplay", "GET /status/self_metrics",
                "PUT /admin/tsdb/delete_series", "POST /admin/tsdb/delete_series", "PUT /admin/tsdb/clean_tombstones", "POST /admin/tsdb/clean_tombstones",
                "PUT /admin/tsdb/snapshot", "POST /admin/tsdb/snapshot", "POST /read", .. document.Contains("3.2", StringComparison.Ordinal) ? ["GET /notifications/live"] : Array.Empty<string>(),
            ],
            missing);
    }

    [Fact]
    public async Task Validation_RefusesWhatIsNotDocumented()
    {
        var file = Path.Combine(SharedData.Folder("prometheus-openapi"), "openapi_3.1_golden.yaml");
        Assert.SkipUnless(File.Exists(file), $"{file} is absent; it is data beside the repository");
        var contract = OpenApiContract.Read(file);

        Assert.NotEmpty(contract.Faults("GET /labels", new Answer(200, "application/json", """{"status":"success","data":["a"],"more":1}""")));
        Assert.NotEmpty(contract.Faults("GET /labels", new Answer(200, "application/json", """{"status":"success","data":[1]}""")));
        Assert.NotEmpty(contract.Faults("GET /labels", new Answer(200, "text/plain", "a")));
        Assert.NotEmpty(contract.Faults("GET /notifications", new Answer(200, "application/json", """{"status":"success","data":[{"text":"a","date":"noon","active":true}]}""")));
        Assert.Empty(contract.Faults("GET /labels", new Answer(200, "application/json", """{"status":"success","data":["a"]}""")));

        // The one place where the document differs from what Prometheus gives; when it no longer does, this test says so.
        Assert.NotEmpty(contract.Faults("GET /query", new Answer(200, "application/json", """{"status":"success","data":{"resultType":"string","result":[1435781451.781,"x"]}}""")));
        Assert.DoesNotContain(NotAsDocumented, Asked["GET /query"]);
    }

    private static async Task<bool> IsServedAsync(World world, string operation) =>
        !(await AskAsync(world, operation, "")).Body.Contains("nothing answers this", StringComparison.Ordinal);

    private static Task<Answer> AskAsync(World world, string operation, string query)
    {
        var parts = operation.Split(' ', 2);
        var path = "/api/v1" + parts[1].Replace("{name}", "kind", StringComparison.Ordinal);
        var written = query.Replace("\"", "%22", StringComparison.Ordinal);
        return parts[0] == "POST"
            ? world.PostAsync(path, written, parts[1] == "/write" ? "application/x-protobuf" : Form)
            : world.SendAsync(new HttpRequestMessage(new HttpMethod(parts[0]), written.Length == 0 ? path : $"{path}?{written}"));
    }
}
