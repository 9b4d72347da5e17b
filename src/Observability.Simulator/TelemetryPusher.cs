using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// What jobs and the maintenance desk push to the platform: OTLP/HTTP metrics, in JSON and protobuf by turns as frameworks
/// differ, and change events.
/// </summary>
/// <param name="fleet">The fleet.</param>
/// <param name="http">How to reach the platform.</param>
/// <param name="platform">Its address, without a slash at the end.</param>
/// <param name="onlyProtobuf">True to leave JSON out: it costs several times as much on both sides.</param>
public sealed class TelemetryPusher(Fleet fleet, HttpClient http, string platform, bool onlyProtobuf = false)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>Pushes what is due. A push that fails is an error of the demo's own wiring, so it throws.</summary>
    public async Task PushDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var notices = fleet.TakeNotices();
        if (notices.Count > 0)
            await PostAsync("/api/changes", Json(new JsonArray([.. notices.Select(Notice)])), cancellationToken);
        if (now < _due)
            return;
        // On a grid of the fleet's time, so that a pusher that takes over keeps the beat.
        _due = now + Interval - TimeSpan.FromTicks((now - fleet.StartedAt).Ticks % Interval.Ticks);
        foreach (var body in Bodies())
            await PostAsync("/v1/metrics", body, cancellationToken);
    }

    private async Task PostAsync(string path, (byte[] Body, string Type) content, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(content.Body) { Headers = { ContentType = new MediaTypeHeaderValue(content.Type) } };
        using var answer = await http.PostAsync(new Uri(platform + path), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static JsonNode Notice(ChangeNotice notice) => new JsonObject
    {
        ["kind"] = notice.Kind,
        ["at"] = notice.At.ToString("O", CultureInfo.InvariantCulture),
        ["labels"] = new JsonObject { [notice.Label] = notice.Of.Name },
        ["text"] = notice.Text,
    };

    private List<(byte[] Body, string Type)> Bodies()
    {
        lock (fleet.Gate)
        {
            return [.. fleet.Jobs.Index().Where(one => JobTelemetry.Speaks(one.Item)).Select(one => one.Index % 2 == 0 && !onlyProtobuf
                ? Json(OtlpJson.Of(JobTelemetry.Of(one.Item, fleet)))
                : (OtlpProtobuf.Of(JobTelemetry.Of(one.Item, fleet)), OtlpProtobuf.ContentType))];
        }
    }

    private static (byte[] Body, string Type) Json(JsonNode node) => (Encoding.UTF8.GetBytes(node.ToJsonString()), OtlpJson.ContentType);
}
