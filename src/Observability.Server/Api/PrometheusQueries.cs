using System.Text.Json;
using System.Text.Json.Nodes;
using Observability.Metrics;

namespace Observability.Server;

/// <summary>The endpoints of the Prometheus HTTP API that take an expression.</summary>
internal static class PrometheusQueries
{
    public static async Task InstantAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var at = asked.Time("time", platform.Clock.GetUtcNow());
        await AnswerAsync(http, platform, asked, "query", (demand, token) => demand == QueryDemand.None
            ? platform.Queries.QueryAsync(asked["query"], at, token)
            : platform.Embedded.QueryAsync(asked["query"], at, demand, token));
    }

    public static async Task RangeAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        var (start, end, step) = (asked.Time("start"), asked.Time("end"), asked.Step("step"));
        await AnswerAsync(http, platform, asked, "query_range", (demand, token) => demand == QueryDemand.None
            ? platform.Queries.QueryRangeAsync(asked["query"], start, end, step, token)
            : platform.Embedded.QueryRangeAsync(asked["query"], (start, end, step), demand, token));
    }

    public static async Task FormatAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        if (asked.Expression("query", platform.Options.Metrics.ExperimentalFunctions) is { } expression)
            await PrometheusApi.SucceedAsync(http, JsonValue.Create(expression.ToLines()));
        else
            await PrometheusApi.RefuseAsync(http, asked.Fault!);
    }

    public static async Task ParseAsync(HttpContext http, Platform platform)
    {
        var asked = await ApiParameters.ReadAsync(http);
        if (asked.Expression("query", platform.Options.Metrics.ExperimentalFunctions) is not { } expression)
        {
            await PrometheusApi.RefuseAsync(http, asked.Fault!);
            return;
        }

        await PrometheusApi.WriteAsync(http, 200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", "success");
            writer.WritePropertyName("data");
            PromQlTree.Write(writer, expression);
            writer.WriteEndObject();
        });
    }

    private static async Task AnswerAsync(
        HttpContext http, Platform platform, ApiParameters asked, string endpoint, Func<QueryDemand, CancellationToken, ValueTask<QueryResult>> query)
    {
        var (demand, limit, statistics) = (new QueryDemand(asked.Duration("lookback_delta"), asked.Duration("timeout")), asked.Limit(), asked["stats"]);
        if (asked.Fault is { } fault)
        {
            await PrometheusApi.RefuseAsync(http, fault);
            return;
        }

        // What only the server that evaluates can honour goes to it as it came.
        if (platform.Remote is not null && (demand != QueryDemand.None || statistics.Length > 0)
            && !OwnSeriesFirst.AsksOnlyOurs(asked["query"], platform.Options.Metrics.ExperimentalFunctions))
        {
            await RemoteLabels.PassedAsync(http, platform, endpoint);
            return;
        }

        var result = Truncate(await AnswerInTimeAsync(http, demand, query), limit);
        await PrometheusApi.WriteAsync(http, PrometheusJson.StatusOf(result.Error), writer =>
            PrometheusJson.WriteQuery(writer, result, statistics.Length > 0 && result.Cost is { } cost ? Statistics(cost) : null));
    }

    private static async Task<QueryResult> AnswerInTimeAsync(
        HttpContext http, QueryDemand demand, Func<QueryDemand, CancellationToken, ValueTask<QueryResult>> query)
    {
        var patience = new QueryOptions().Timeout;
        patience = demand.Timeout is { } asked && asked < patience ? asked : patience;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(patience);
        try
        {
            return await query(demand, limit.Token);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return QueryResult.Failed("timeout", $"the query took longer than {PromQlDuration.Format(patience)}; ask for fewer steps or series");
        }
    }

    private static QueryResult Truncate(QueryResult result, int limit) =>
        limit == 0 || Math.Max(result.Vector.Count, result.Matrix.Count) <= limit
            ? result
            : result with
            {
                Vector = [.. result.Vector.Take(limit)],
                Matrix = [.. result.Matrix.Take(limit)],
                Warnings = [.. result.Warnings, PrometheusJson.TruncatedWarning],
            };

    // Prometheus's names. Its peak of samples and its counts per step are not measured here, and so not said.
    private static Action<Utf8JsonWriter> Statistics(QueryCost cost) => writer =>
    {
        writer.WriteStartObject("stats");
        writer.WriteStartObject("timings");
        writer.WriteNumber("evalTotalTime", (cost.Preparation + cost.Evaluation).TotalSeconds);
        writer.WriteNumber("resultSortTime", cost.Sorting.TotalSeconds);
        writer.WriteNumber("queryPreparationTime", cost.Preparation.TotalSeconds);
        writer.WriteNumber("innerEvalTime", (cost.Evaluation - cost.Sorting).TotalSeconds);
        // Queries do not queue here.
        writer.WriteNumber("execQueueTime", 0);
        writer.WriteNumber("execTotalTime", (cost.Preparation + cost.Evaluation).TotalSeconds);
        writer.WriteEndObject();
        writer.WriteStartObject("samples");
        writer.WriteNumber("totalQueryableSamples", cost.Samples);
        writer.WriteEndObject();
        writer.WriteEndObject();
    };
}
