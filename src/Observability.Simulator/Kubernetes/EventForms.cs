using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Turns an Event between its core/v1 form, which is stored, and its events.k8s.io/v1 form: the same object under other names.</summary>
internal static class EventForms
{
    private static readonly (string Core, string New)[] _names =
    [
        ("involvedObject", "regarding"), ("message", "note"), ("reportingComponent", "reportingController"), ("source", "deprecatedSource"),
        ("count", "deprecatedCount"), ("firstTimestamp", "deprecatedFirstTimestamp"), ("lastTimestamp", "deprecatedLastTimestamp"),
    ];

    /// <summary>The stored object in the form of the kind asked for.</summary>
    public static JsonObject View(ResourceKind kind, JsonObject stored) =>
        kind == ResourceKinds.NewEvents ? Rename(stored, kind, names => (names.Core, names.New)) : stored;

    /// <summary>A client's object in the form that is stored.</summary>
    public static JsonObject Stored(ResourceKind kind, JsonObject sent) =>
        kind == ResourceKinds.NewEvents ? Rename(sent, ResourceKinds.Events, names => (names.New, names.Core)) : sent;

    private static JsonObject Rename(JsonObject value, ResourceKind to, Func<(string Core, string New), (string From, string To)> direction)
    {
        var renamed = value.Copy();
        renamed["apiVersion"] = to.ApiVersion;
        foreach (var (from, target) in _names.Select(direction))
        {
            if (renamed.Remove(from, out var field))
                renamed[target] = field;
        }

        return renamed;
    }
}
