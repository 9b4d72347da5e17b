using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>One line of a watch, e.g. <c>{"type":"MODIFIED","object":{…}}</c>.</summary>
internal sealed record WatchEvent(string Type, JsonObject Object)
{
    /// <summary>The event a change is for a filter: an object that enters the filter is added, one that leaves it is deleted; null when it was never in.</summary>
    public static WatchEvent? Of(ResourceFilter filter, StoreChange change)
    {
        var before = change.Before is null ? null : EventForms.View(filter.Kind, change.Before);
        var after = change.After is null ? null : EventForms.View(filter.Kind, change.After);
        var was = before is not null && filter.Matches(before);
        var becomes = after is not null && filter.Matches(after);
        return (was, becomes) switch
        {
            (false, true) => new WatchEvent("ADDED", after!),
            (true, true) => new WatchEvent("MODIFIED", after!),
            (true, false) => new WatchEvent("DELETED", Last(before!, after)),
            _ => null,
        };
    }

    // A deleted object carries the version of its deletion, so that a client resumes behind it.
    private static JsonObject Last(JsonObject before, JsonObject? after)
    {
        if (after is null)
            return before;
        var last = before.Copy();
        last.Metadata()["resourceVersion"] = after.At("metadata", "resourceVersion")?.DeepClone();
        return last;
    }
}
