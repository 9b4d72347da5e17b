using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// Search for names while a query is typed: <c>search/metric_names</c>, <c>search/label_names</c>, <c>search/label_values</c>, an
/// experimental part of the Prometheus HTTP API. The answer is one JSON text a line.
/// <code>
/// {"results":[{"name":"http_requests_total","type":"counter","help":"Total HTTP requests."}]}
/// {"status":"success","has_more":false}
/// </code>
/// </summary>
internal static class PrometheusSearch
{
    public static readonly string[] Kinds = ["metric_names", "label_names", "label_values"];

    private const int DefaultLimit = 100;

    private static readonly JsonSerializerOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task AnswerAsync(HttpContext http, Platform platform, string kind)
    {
        if (await RemoteLabels.PassedAsync(http, platform, $"search/{kind}"))
            return;

        var parameters = await ApiParameters.ReadAsync(http);
        var asked = Asked.Read(parameters);
        var matchers = parameters.Selectors();
        var (start, end) = (parameters.Time("start", DateTimeOffset.UnixEpoch), parameters.Time("end", platform.Clock.GetUtcNow()));
        if (kind == "label_values" && parameters["label"].Length == 0)
            parameters.Refuse("label", "label name is required");
        if (parameters.Fault is { } fault)
        {
            await PrometheusApi.RefuseAsync(http, fault);
            return;
        }

        var names = kind switch
        {
            "metric_names" => platform.Series.LabelValues(LabelSet.MetricNameLabel, matchers, start, end),
            "label_names" => platform.Series.LabelNames(matchers, start, end),
            _ => platform.Series.LabelValues(parameters["label"], matchers, start, end),
        };
        var found = Order(names.Select(name => (Name: name, Score: asked.Score(name))).Where(one => one.Score > 0 && one.Score * 100 >= asked.Threshold), asked).ToArray();
        http.Response.ContentType = "application/x-ndjson";
        foreach (var batch in found.Take(asked.Limit).Chunk(asked.BatchSize))
        {
            var results = new JsonArray([.. batch.Select(one => Result(kind == "label_values" ? "value" : "name", one, asked, kind == "metric_names" ? platform.Series.Metadata : null))]);
            await WriteLineAsync(http, new JsonObject { ["results"] = results });
        }

        await WriteLineAsync(http, new JsonObject { ["status"] = "success", ["has_more"] = found.Length > asked.Limit });
    }

    private static IEnumerable<(string Name, double Score)> Order(IEnumerable<(string Name, double Score)> found, Asked asked) => asked switch
    {
        { ByScore: true } => found.OrderByDescending(one => one.Score).ThenBy(one => one.Name, StringComparer.Ordinal),
        { Descending: true } => found.OrderByDescending(one => one.Name, StringComparer.Ordinal),
        _ => found.OrderBy(one => one.Name, StringComparer.Ordinal),
    };

    private static JsonObject Result(string key, (string Name, double Score) found, Asked asked, MetadataStore? metadata)
    {
        var result = new JsonObject { [key] = found.Name };
        if (asked.IncludesScore)
            result["score"] = found.Score;
        if (asked.IncludesMetadata && metadata?.Find(found.Name, 1, 1) is [{ Value: [var statement, ..] }, ..])
            (result["type"], result["help"], result["unit"]) = (statement.Type, statement.Help, statement.Unit);
        return result;
    }

    private static Task WriteLineAsync(HttpContext http, JsonObject line) =>
        http.Response.WriteAsync(line.ToJsonString(Writing) + "\n", http.RequestAborted);

    private sealed record Asked
    {
        private IReadOnlyList<string> Terms { get; init; } = [];

        private bool CaseSensitive { get; init; }

        private bool JaroWinkler { get; init; }

        public int Threshold { get; private init; }

        public bool ByScore { get; private init; }

        public bool Descending { get; private init; }

        public bool IncludesScore { get; private init; }

        public bool IncludesMetadata { get; private init; }

        public int Limit { get; private init; }

        public int BatchSize { get; private init; }

        public static Asked Read(ApiParameters parameters)
        {
            OneOf(parameters, "fuzz_alg", "subsequence", "jarowinkler");
            OneOf(parameters, "sort_by", "alpha", "score");
            OneOf(parameters, "sort_dir", "asc", "dsc");
            if (parameters["sort_dir"].Length > 0 && parameters["sort_by"] == "score")
                parameters.Refuse("sort_dir", "is only valid with sort_by=alpha");
            var threshold = parameters.Limit("fuzz_threshold");
            if (threshold > 100)
                parameters.Refuse("fuzz_threshold", "must be between 0 and 100");
            return new Asked
            {
                Terms = [.. parameters.All("search[]").Where(term => term.Length > 0)],
                CaseSensitive = parameters["case_sensitive"].Length == 0 || parameters.Flag("case_sensitive"),
                JaroWinkler = parameters["fuzz_alg"] == "jarowinkler",
                Threshold = threshold,
                ByScore = parameters["sort_by"] == "score",
                Descending = parameters["sort_dir"] == "dsc",
                IncludesScore = parameters.Flag("include_score"),
                IncludesMetadata = parameters.Flag("include_metadata"),
                Limit = Positive(parameters, "limit"),
                BatchSize = Positive(parameters, "batch_size"),
            };
        }

        /// <summary>That of the term that fits best; 1 where none was given.</summary>
        public double Score(string name) => Terms.Count == 0 ? 1 : Terms.Max(term => One(term, name));

        private double One(string term, string name)
        {
            var (a, b) = CaseSensitive ? (term, name) : (term.ToUpperInvariant(), name.ToUpperInvariant());
            return JaroWinkler ? SearchScore.JaroWinkler(a, b) : SearchScore.Subsequence(a, b);
        }

        private static void OneOf(ApiParameters parameters, string name, string first, string second)
        {
            if (parameters[name].Length > 0 && parameters[name] != first && parameters[name] != second)
                parameters.Refuse(name, $"must be {first} or {second}");
        }

        private static int Positive(ApiParameters parameters, string name)
        {
            if (parameters[name].Length == 0)
                return DefaultLimit;
            var value = parameters.Limit(name);
            if (value == 0)
                parameters.Refuse(name, "must be a positive number");
            return Math.Max(1, value);
        }
    }
}
