using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>What jobs and the maintenance desk push to the platform: OTLP/HTTP metrics in JSON, and change events.</summary>
public sealed class TelemetryPusher(Fleet fleet, HttpClient http, string platform)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Pushes what is due. A push that fails is an error of the demo's own wiring, so it throws.</summary>
    public async Task PushDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var notices = fleet.TakeNotices();
        if (notices.Count > 0)
            await PostAsync("/api/changes", new JsonArray([.. notices.Select(Notice)]), cancellationToken);
        if (now < _due)
            return;
        _due = now + Interval;
        foreach (var document in Documents(fleet, now))
            await PostAsync("/v1/metrics", document, cancellationToken);
    }

    private async Task PostAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(platform + path, body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static JsonNode Notice(ChangeNotice notice) => new JsonObject
    {
        ["kind"] = notice.Kind,
        ["at"] = notice.At.ToString("O", CultureInfo.InvariantCulture),
        ["labels"] = new JsonObject { ["node"] = notice.Node },
        ["text"] = notice.Text,
    };

    /// <summary>What each running job would push now, as OTLP JSON.</summary>
    internal static IReadOnlyList<JsonObject> Documents(Fleet fleet, DateTimeOffset now)
    {
        lock (fleet.Gate)
            return [.. fleet.Jobs.Where(job => job.RestartsAt is null).Select(job => Document(job, fleet, now))];
    }

    private static JsonObject Document(TrainingJob job, Fleet fleet, DateTimeOffset now)
    {
        var at = (now.ToUnixTimeMilliseconds() * 1_000_000).ToString(CultureInfo.InvariantCulture);
        var step = JobDynamics.StepSeconds(job, fleet);
        var slow = step / job.BaseStepSeconds;
        var metrics = new JsonArray
        {
            Gauge("train.step", "", [Point(at, job.Step)]),
            Gauge("train.step.duration", "s", [Point(at, step)]),
            Gauge("train.mfu", "1", [Point(at, job.IsRunning ? job.HealthyMfu / slow : 0)]),
            Gauge("train.tflops", "", [Point(at, job.IsRunning ? 989 * job.HealthyMfu / slow : 0)]),
            Gauge("train.tokens_per_second", "", [Point(at, job.IsRunning ? 1_150 / slow : 0)]),
            Gauge("train.loss", "", [Point(at, 2 + (200.0 / Math.Max(1, job.Step)))]),
            Gauge("train.grad_norm", "", [Point(at, 0.312)]),
            Sum("train.productive", "s", [Point(at, job.ProductiveSeconds)]),
            Sum("train.elapsed", "s", [Point(at, job.ElapsedSeconds)]),
            Sum("train.checkpoint_saves", "", [Point(at, job.Checkpoints, ("result", "ok"))]),
            Gauge("train.rank.compute", "s", [.. job.Ranks.Select(gpu => RankPoint(at, gpu, Compute(job, gpu, fleet.Options.Seed)))]),
            Gauge("train.data_wait", "1", [.. job.Ranks.Select(gpu => RankPoint(at, gpu, DataWait(job, gpu, fleet.Options.Seed)))]),
        };
        return new JsonObject
        {
            ["resourceMetrics"] = new JsonArray(new JsonObject
            {
                ["resource"] = new JsonObject { ["attributes"] = new JsonArray(Attribute("service.name", "trainer"), Attribute("job_name", job.Name)) },
                ["scopeMetrics"] = new JsonArray(new JsonObject { ["scope"] = new JsonObject { ["name"] = "train" }, ["metrics"] = metrics }),
            }),
        };
    }

    // A rank computes about 70 % of a healthy step and waits for the others the rest of the time.
    private static double Compute(TrainingJob job, Gpu gpu, int seed) => job.BaseStepSeconds * 0.7 * gpu.SlowFactor
        * (1 + (0.008 * Noise.Normal(seed, gpu.Rank, 21, job.Step)));

    private static double DataWait(TrainingJob job, Gpu gpu, int seed) =>
        job.DataStalled ? 0.62 + (0.02 * Noise.Normal(seed, gpu.Rank, 22, job.Step)) : 0.02 + (0.01 * Noise.Uniform(seed, gpu.Rank, 22, job.Step));

    private static JsonObject Gauge(string name, string unit, JsonNode[] points) => new()
    {
        ["name"] = name,
        ["unit"] = unit,
        ["gauge"] = new JsonObject { ["dataPoints"] = new JsonArray(points) },
    };

    private static JsonObject Sum(string name, string unit, JsonNode[] points) => new()
    {
        ["name"] = name,
        ["unit"] = unit,
        ["sum"] = new JsonObject { ["aggregationTemporality"] = 2, ["isMonotonic"] = true, ["dataPoints"] = new JsonArray(points) },
    };

    private static JsonObject RankPoint(string at, Gpu gpu, double value) => Point(at, value,
        ("rank", gpu.Rank.ToString(CultureInfo.InvariantCulture)), ("node", gpu.Node.Name), ("gpu", gpu.Index.ToString(CultureInfo.InvariantCulture)), ("UUID", gpu.Uuid));

    private static JsonObject Point(string at, double value, params (string Name, string Value)[] attributes) => new()
    {
        ["timeUnixNano"] = at,
        ["asDouble"] = value,
        ["attributes"] = new JsonArray([.. attributes.Select(attribute => (JsonNode)Attribute(attribute.Name, attribute.Value))]),
    };

    private static JsonObject Attribute(string name, string value) =>
        new() { ["key"] = name, ["value"] = new JsonObject { ["stringValue"] = value } };
}
