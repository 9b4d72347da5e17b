using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Alerting;

namespace Observability.Server;

/// <summary>What the server says of itself, under the names of the Prometheus HTTP API.</summary>
internal static class PrometheusStatus
{
    private const int DefaultStatistics = 10;
    private const int MostStatistics = 10_000;

    /// <summary>Clients such as Grafana choose what they ask by this version: it is the one whose API and PromQL this server follows.</summary>
    private const string SpokenVersion = "3.0.0";

    public static JsonNode BuildInformation() => new JsonObject
    {
        ["version"] = SpokenVersion,
        ["revision"] = ServerVersion.Text,
        ["branch"] = "observability",
        ["buildUser"] = "",
        ["buildDate"] = "",
        ["goVersion"] = System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription,
    };

    /// <summary>What runs. Names that speak of Go hold what the .NET runtime has in that place.</summary>
    public static JsonNode RuntimeInformation(Platform platform)
    {
        var metrics = platform.Options.Metrics;
        return new JsonObject
        {
            ["startTime"] = Time(platform.StartedAt),
            ["CWD"] = Environment.CurrentDirectory,
            ["hostname"] = Environment.MachineName,
            ["serverTime"] = Time(platform.Clock.GetUtcNow()),
            ["reloadConfigSuccess"] = platform.ReloadStatus.FailedAt is null,
            ["lastConfigTime"] = Time(platform.ReloadStatus.ReadAt),
            ["corruptionCount"] = platform.Series.Statistics.CorruptRows,
            ["goroutineCount"] = ThreadPool.ThreadCount,
            ["GOMAXPROCS"] = Environment.ProcessorCount,
            ["GOMEMLIMIT"] = metrics.MaximumMemoryBytes > 0 ? metrics.MaximumMemoryBytes : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            ["GOGC"] = "",
            ["GODEBUG"] = "",
            ["storageRetention"] = $"{OptionValue.Show(metrics.Retention)} or {metrics.MaximumBytes}B",
        };
    }

    public static JsonNode Configuration(Platform platform) => new JsonObject { ["yaml"] = OptionsWriter.Write(platform.Options) };

    /// <summary>What is in force, under the names of Prometheus's command line for what this server has too.</summary>
    public static JsonNode Flags(Platform platform)
    {
        var (options, queries, rules) = (platform.Options, platform.Options.Metrics.ToQueries(), new RuleOptions());
        return new JsonObject
        {
            ["web.listen-address"] = options.Server.Listen,
            ["web.external-url"] = options.Server.ExternalUrl,
            ["web.enable-remote-write-receiver"] = "true",
            ["web.enable-otlp-receiver"] = "true",
            ["web.enable-admin-api"] = "false",
            ["web.enable-lifecycle"] = "true",
            ["storage.tsdb.path"] = options.Server.State,
            ["storage.tsdb.retention.time"] = OptionValue.Show(options.Metrics.Retention),
            ["storage.tsdb.retention.size"] = $"{options.Metrics.MaximumBytes}B",
            ["query.lookback-delta"] = OptionValue.Show(queries.Lookback),
            ["query.timeout"] = OptionValue.Show(queries.Timeout),
            ["query.max-samples"] = queries.MaxSamples.ToString(CultureInfo.InvariantCulture),
            ["rules.alert.for-grace-period"] = OptionValue.Show(rules.ForGracePeriod),
            ["rules.alert.for-outage-tolerance"] = OptionValue.Show(rules.OutageTolerance),
            ["rules.alert.resend-delay"] = OptionValue.Show(rules.ResendDelay),
            ["enable-feature"] = string.Join(',', Enabled(options.Metrics)),
        };
    }

    /// <summary>What can be relied on, by part; <c>true</c> where it is there and switched on.</summary>
    public static JsonNode Features(Platform platform)
    {
        var metrics = platform.Options.Metrics;
        return new JsonObject
        {
            ["api"] = new JsonObject
            {
                ["admin"] = false,
                ["exemplars"] = true,
                ["label_values_match"] = true,
                ["lifecycle"] = true,
                ["otlp_write_receiver"] = true,
                ["query_stats"] = true,
                ["remote_read"] = false,
                ["remote_write_receiver"] = true,
                ["rule_pagination"] = true,
                ["search"] = true,
            },
            ["promql"] = new JsonObject
            {
                ["at_modifier"] = true,
                ["bool"] = true,
                ["delayed_name_removal"] = metrics.DelayedNameRemoval,
                ["duration_arithmetic"] = true,
                ["experimental_functions"] = metrics.ExperimentalFunctions,
                ["left_open_ranges"] = !metrics.LeftClosedRanges,
                ["native_histograms"] = false,
                ["negative_offset"] = true,
                ["subqueries"] = true,
                ["utf8_names"] = true,
            },
        };
    }

    /// <summary>What an operator should know now: a reload that found faults, a store that cannot write.</summary>
    public static JsonNode Notifications(Platform platform)
    {
        var all = new JsonArray();
        if (platform.ReloadStatus is { FailedAt: { } failed, Findings: var findings })
            all.Add(Notification($"Configuration reload has failed: {findings} faults; POST /api/reload names them.", failed));
        if (platform.Series.IsDegraded)
            all.Add(Notification("The series file cannot be written; samples are in memory only. Free space on its disk.", platform.Clock.GetUtcNow()));
        return all;
    }

    /// <summary>Who gets every alert beside this platform's own pipeline.</summary>
    public static JsonNode Alertmanagers(Platform platform) => new JsonObject
    {
        ["activeAlertmanagers"] = new JsonArray([.. platform.Options.Notify.Alertmanagers.Select(url => (JsonNode)new JsonObject { ["url"] = url.TrimEnd('/') + "/api/v2/alerts" })]),
        ["droppedAlertmanagers"] = new JsonArray(),
    };

    public static async Task StoreAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var limit = asked["limit"].Length == 0 ? DefaultStatistics : asked.Limit();
        if (limit is < 1 or > MostStatistics)
            asked.Refuse("limit", $"limit must be a positive number of at most {MostStatistics}");
        if (asked.Fault is { } fault)
        {
            await PrometheusApi.RefuseAsync(http, fault);
            return;
        }

        var found = platform.Series.Cardinality(limit);
        await PrometheusApi.SucceedAsync(http, new JsonObject
        {
            ["headStats"] = new JsonObject
            {
                ["numSeries"] = found.Series,
                ["numLabelPairs"] = found.LabelPairs,
                ["chunkCount"] = found.Chunks,
                ["minTime"] = found.FirstTime,
                ["maxTime"] = found.LastTime,
            },
            ["seriesCountByMetricName"] = Counts(found.SeriesByMetric),
            ["labelValueCountByLabelName"] = Counts(found.ValuesByLabel),
            ["memoryInBytesByLabelName"] = Counts(found.ValueBytesByLabel),
            ["seriesCountByLabelValuePair"] = Counts(found.SeriesByPair),
        });
    }

    private static IEnumerable<string> Enabled(SeriesOptions metrics)
    {
        if (metrics.ExperimentalFunctions)
            yield return "promql-experimental-functions";
        if (metrics.DelayedNameRemoval)
            yield return "promql-delayed-name-removal";
    }

    private static JsonObject Notification(string text, DateTimeOffset at) => new() { ["text"] = text, ["date"] = Time(at), ["active"] = true };

    private static JsonArray Counts(IReadOnlyList<KeyValuePair<string, long>> counts) =>
        [.. counts.Select(count => new JsonObject { ["name"] = count.Key, ["value"] = count.Value })];

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
