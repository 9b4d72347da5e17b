using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Observability.Collectors;
using Observability.Metrics;
using Observability.Model;

namespace Observability.Server;

/// <summary>What is scraped, in the shape of the Prometheus HTTP API. A scrape pool is a job.</summary>
internal static class PrometheusTargets
{
    private static readonly string[] Suffixes = ["", "_total", "_bucket", "_count", "_sum", "_info", "_created"];

    public static async Task AllAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        if (asked["state"].ToLowerInvariant() is not ("" or "any" or "active" or "dropped"))
            asked.Refuse("state", $"not supported value \"{asked["state"]}\"; use active, dropped or any");
        if (asked.Fault is { } fault)
        {
            await PrometheusApi.RefuseAsync(http, fault);
            return;
        }

        var collect = platform.Options.Collect;
        var wanted = asked["state"].Equals("dropped", StringComparison.OrdinalIgnoreCase) ? [] : platform.Scrapes.Targets
            .Where(target => asked["scrapePool"].Length == 0 || PoolOf(target.Target) == asked["scrapePool"]);
        // Nothing is relabelled here, so no target is dropped.
        await PrometheusApi.SucceedAsync(http, new JsonObject
        {
            ["activeTargets"] = new JsonArray([.. wanted.Select(status => Active(status, collect))]),
            ["droppedTargets"] = new JsonArray(),
            ["droppedTargetCounts"] = new JsonObject(PoolNames(platform).Select(pool => KeyValuePair.Create(pool, (JsonNode?)JsonValue.Create(0)))),
        });
    }

    /// <summary>
    /// What targets say about their metrics. A target has a family where it has a series of it now; sources that disagree
    /// are all named.
    /// </summary>
    public static async Task MetadataAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var limit = asked.Count("limit") ?? -1;
        var selector = asked["match_target"].Length == 0 ? null : PromQlParser.ParseSelector(asked["match_target"]);
        if (selector is { Succeeded: false, Error: var error })
            asked.Refuse("match_target", error);
        if (asked.Fault is { } fault)
        {
            await PrometheusApi.RefuseAsync(http, fault);
            return;
        }

        var matchers = (selector?.Expression as PromQlExpression.VectorSelector)?.AllMatchers ?? [];
        var statements = platform.Scrapes.Targets.Where(target => matchers.All(matcher => matcher.Matches(target.Target.Labels)))
            .SelectMany(target => Statements(platform, target.Target, asked["metric"]))
            .Take(limit < 0 ? int.MaxValue : limit).ToArray();
        if (statements.Length == 0 && limit != 0)
            await PrometheusApi.FailAsync(http, new QueryError("not_found", "specified metadata not found"));
        else
            await PrometheusApi.SucceedAsync(http, new JsonArray(statements));
    }

    public static JsonNode Pools(Platform platform) => new JsonObject
    {
        ["scrapePools"] = new JsonArray([.. PoolNames(platform).Select(pool => JsonValue.Create(pool))]),
    };

    public static async Task PoolConfigurationAsync(HttpContext http, Platform platform)
    {
        var pool = (await ApiParameters.ReadAsync(http))["scrapePool"];
        if (pool.Length == 0)
            await PrometheusApi.RefuseAsync(http, "no scrapePool parameter provided");
        else if (!PoolNames(platform).Contains(pool))
            await PrometheusApi.FailAsync(http, new QueryError("not_found", $"scrape pool \"{pool}\" not found"));
        else
            await PrometheusApi.SucceedAsync(http, new JsonObject { ["yaml"] = Yaml(platform, pool) });
    }

    private static string PoolOf(ScrapeTarget target) => target.Labels["job"];

    private static SortedSet<string> PoolNames(Platform platform) =>
        new(platform.Options.Collect.Targets.Select(target => target.Job).Concat(platform.Scrapes.Targets.Select(status => PoolOf(status.Target))), StringComparer.Ordinal);

    private static JsonObject Active(TargetStatus status, CollectOptions collect) => new JsonObject
    {
        ["discoveredLabels"] = PrometheusApi.Labels(status.Target.Labels.With("__address__", status.Target.Url.Authority)
            .With("__scheme__", status.Target.Url.Scheme).With("__metrics_path__", status.Target.Url.AbsolutePath)),
        ["labels"] = PrometheusApi.Labels(status.Target.Labels),
        ["scrapePool"] = PoolOf(status.Target),
        ["scrapeUrl"] = OptionsWriter.WithoutPassword(status.Target.Url.ToString()),
        ["globalUrl"] = OptionsWriter.WithoutPassword(status.Target.Url.ToString()),
        ["lastError"] = status.LastError,
        ["lastScrape"] = (status.LastScrape ?? DateTimeOffset.MinValue).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        ["lastScrapeDuration"] = status.LastDuration.TotalSeconds,
        ["health"] = OptionValue.SnakeCase(status.Health.ToString()),
        ["scrapeInterval"] = OptionValue.Show(collect.Interval),
        ["scrapeTimeout"] = OptionValue.Show(collect.Timeout),
    };

    private static IEnumerable<JsonNode> Statements(Platform platform, ScrapeTarget target, string metric)
    {
        var now = platform.Clock.GetUtcNow();
        LabelMatcher[] own = [.. target.Labels.Select(label => new LabelMatcher(label.Key, label.Value))];
        var names = platform.Series.LabelValues(LabelSet.MetricNameLabel, [own], now - new QueryOptions().Lookback, now).ToHashSet(StringComparer.Ordinal);
        foreach (var (family, statements) in platform.Series.Metadata.Find(metric, 0, 0))
        {
            if (!Array.Exists(Suffixes, suffix => names.Contains(family + suffix)))
                continue;
            foreach (var statement in statements)
            {
                var node = new JsonObject
                {
                    ["target"] = PrometheusApi.Labels(target.Labels),
                    ["type"] = statement.Type,
                    ["help"] = statement.Help,
                    ["unit"] = statement.Unit,
                };
                if (metric.Length == 0)
                    node["metric"] = family;
                yield return node;
            }
        }
    }

    // As a scrape_config of Prometheus would say the same.
    private static string Yaml(Platform platform, string pool)
    {
        var collect = platform.Options.Collect;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"job_name: {JsonSerializer.Serialize(pool)}\nscrape_interval: {OptionValue.Show(collect.Interval)}\nscrape_timeout: {OptionValue.Show(collect.Timeout)}\nsample_limit: {collect.SampleLimit}\n");
        text.Append("static_configs:\n");
        foreach (var target in platform.Scrapes.Targets.Select(status => status.Target).Where(target => PoolOf(target) == pool))
        {
            text.Append(CultureInfo.InvariantCulture, $"  - targets: [{JsonSerializer.Serialize(target.Url.Authority)}]\n    labels:\n");
            foreach (var (name, value) in target.Labels.With("__scheme__", target.Url.Scheme).With("__metrics_path__", target.Url.AbsolutePath))
                text.Append(CultureInfo.InvariantCulture, $"      {name}: {JsonSerializer.Serialize(value)}\n");
        }

        return text.ToString();
    }
}
