using System.Globalization;
using System.Text.Json.Nodes;
using Observability.Model;

namespace Observability.Server;

/// <summary>
/// An answer to a case as JSON; <c>docs/eval-set.md</c> says what each field means.
/// <code>
/// {"case":"a","alerts_in":31,"incidents":[{"opened":"…","verdict":{"kind":"hardware","class":"gpu_off_bus","entity":"gpu:GPU-1","confidence":0.98},
///   "ranking":[{"id":"gpu:GPU-1","class":"gpu_off_bus","score":0.98}],"alerts":31,"id":"INC-000001","severity":"critical",
///   "signs":[{"id":"gpu:GPU-1","alert":"Xid79","at":"…"}],"verdicts":[{"at":"…","kind":"hardware","class":"…","entity":"…"}],"cordons":[]}]}
/// </code>
/// </summary>
internal static class BundleAnswer
{
    public static JsonObject Of(string name, int alerts, IEnumerable<TrackedIncident> incidents) => new()
    {
        ["case"] = name,
        ["alerts_in"] = alerts,
        ["incidents"] = new JsonArray([.. incidents.Select(Line)]),
    };

    private static JsonNode Line(TrackedIncident one) => new JsonObject
    {
        ["id"] = one.Incident.Id,
        ["opened"] = Time(one.OpenedAt),
        ["verdict"] = one.Incident.Verdict is { } verdict ? Of(verdict, "confidence", Math.Round(verdict.Confidence, 4)) : null,
        ["ranking"] = new JsonArray([.. (one.Incident.Verdict?.Causes ?? []).Select(cause => (JsonNode)new JsonObject
        {
            ["id"] = cause.Entity.ToString(),
            ["class"] = cause.FaultClass,
            ["score"] = Math.Round(cause.Probability, 4),
        })]),
        ["alerts"] = one.Incident.AlertCount,
        ["severity"] = one.Incident.Severity,
        ["signs"] = new JsonArray([.. one.Signs.Select(sign => (JsonNode)new JsonObject
        {
            ["id"] = sign.Entity.ToString(),
            ["alert"] = sign.Alert,
            ["at"] = Time(sign.At),
        })]),
        ["verdicts"] = new JsonArray([.. one.Verdicts.Select(earlier => (JsonNode)Of(earlier, "at", Time(earlier.DecidedAt)))]),
        ["cordons"] = new JsonArray([.. one.Cordons.Select(cordon => (JsonNode)new JsonObject
        {
            ["node"] = cordon.Node,
            ["at"] = Time(cordon.At),
            ["confidence"] = Math.Round(cordon.Confidence, 4),
        })]),
    };

    private static JsonObject Of(Verdict verdict, string last, JsonNode value) => new()
    {
        ["kind"] = OptionValue.SnakeCase(verdict.Kind.ToString()),
        ["class"] = verdict.FaultClass,
        ["entity"] = verdict.Entity?.ToString(),
        [last] = value,
    };

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
