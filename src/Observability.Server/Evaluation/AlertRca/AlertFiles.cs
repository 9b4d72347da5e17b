using System.Globalization;
using System.Text.Json;
using Observability.Incidents;

namespace Observability.Server;

/// <summary>
/// Reads the alerts of a system, one file a source, each <c>{"case": [alert, …]}</c>. An alert is an array:
/// <code>
/// metric ["1647736800000", "cart-1", "node-6", "cpu", "up"]                 time in ms, entity, its host or null, metric, direction
/// trace  ["1647736751093", "frontend-2", "cart-1", "GetCart (rpc)", "PD"]    time in ms, caller, callee, operation, status
/// log    ["redis-0", "82", ["2022-03-20 … saved"], 1, null]                  entity, template, messages, count, an example or null
/// </code>
/// A caller that is its own callee reports work of its own. Log lines carry no usable time.
/// </summary>
internal static class AlertFiles
{
    /// <summary>Alerts by case in the file's order. Alerts of another shape are counted and told.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static IReadOnlyList<(string Case, IReadOnlyList<ServiceAlert> Alerts)> Read(string file, ServiceAlertSource source, Action<string> trouble)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        var cases = new List<(string, IReadOnlyList<ServiceAlert>)>();
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            trouble($"{file}: holds {json.RootElement.ValueKind} where an object of cases was expected");
            return cases;
        }

        var refused = 0;
        foreach (var one in json.RootElement.EnumerateObject())
        {
            var alerts = new List<ServiceAlert>();
            foreach (var element in one.Value.ValueKind == JsonValueKind.Array ? [.. one.Value.EnumerateArray()] : Array.Empty<JsonElement>())
            {
                if (Alert(element, source) is { } alert)
                    alerts.Add(alert);
                else
                    refused++;
            }

            cases.Add((one.Name, alerts));
        }

        if (refused > 0)
            trouble($"{file}: {refused} alerts have another shape than {source} alerts and are left out");
        return cases;
    }

    private static ServiceAlert? Alert(JsonElement alert, ServiceAlertSource source)
    {
        if (alert.ValueKind != JsonValueKind.Array)
            return null;
        string?[] fields = [.. alert.EnumerateArray().Select(Text)];
        return (source, fields) switch
        {
            (ServiceAlertSource.Metric, [var at, { } entity, _, { } metric, { } direction, ..]) => new ServiceAlert(entity, source, $"{metric} {direction}", Time(at)),
            (ServiceAlertSource.Trace, [var at, { } caller, { } callee, { } operation, { } status, ..]) =>
                new ServiceAlert(callee, source, caller == callee ? $"{status} {operation}, its own" : $"{status} {operation}, as asked", Time(at)),
            (ServiceAlertSource.Log, [{ } entity, { } template, ..]) => new ServiceAlert(entity, source, template, null),
            _ => null,
        };
    }

    private static string? Text(JsonElement field) => field.ValueKind switch
    {
        JsonValueKind.String => field.GetString(),
        JsonValueKind.Number => field.GetRawText(),
        _ => null,
    };

    private static DateTimeOffset? Time(string? milliseconds) =>
        double.TryParse(milliseconds, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) && Math.Abs(time) < 1e14 ? DateTimeOffset.UnixEpoch.AddMilliseconds(time) : null;
}
