using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>Writes the control plane's own Events and keeps their number bounded.</summary>
internal sealed class ClusterEvents(ClusterState state)
{
    /// <summary>Records one event about an object; cluster-wide objects' events go to namespace default, as in a real cluster.</summary>
    public void Record(JsonObject about, string component, string reason, string message, DateTimeOffset now)
    {
        var ns = about.Namespace() is { Length: > 0 } own ? own : "default";
        var name = string.Create(CultureInfo.InvariantCulture, $"{about.Name()}.{state.Next():x16}");
        var value = state.Create(ResourceKinds.Events, ns, name, now);
        value["involvedObject"] = new JsonObject
        {
            ["kind"] = about.Text("kind"),
            ["namespace"] = about.Namespace(),
            ["name"] = about.Name(),
            ["uid"] = about.Text("metadata", "uid"),
            ["apiVersion"] = about.Text("apiVersion"),
        };
        value["reason"] = reason;
        value["message"] = message;
        value["source"] = new JsonObject { ["component"] = component };
        value["firstTimestamp"] = JsonFields.Stamp(now);
        value["lastTimestamp"] = JsonFields.Stamp(now);
        value["count"] = 1;
        value["type"] = reason is "NodeNotReady" ? "Warning" : "Normal";
        value["eventTime"] = null;
        value["reportingComponent"] = component;
        value["reportingInstance"] = "";
        state.Store.Put(ResourceKinds.Events, value);
        Trim();
    }

    /// <summary>Drops the oldest events above the limit.</summary>
    public void Trim()
    {
        var excess = state.Store.Count(ResourceKinds.Events) - state.Options.EventLimit;
        if (excess <= 0)
            return;
        var oldest = state.Store.List(ResourceKinds.Events)
            .OrderBy(value => long.Parse(value.Text("metadata", "resourceVersion"), CultureInfo.InvariantCulture)).Take(excess);
        foreach (var value in oldest)
        {
            state.Store.Remove(ResourceKinds.Events, value.Namespace(), value.Name());
            KubernetesMetrics.EventsDropped.Add(1);
        }
    }
}
