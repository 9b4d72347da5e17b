using System.Globalization;
using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>
/// The disruption controller: keeps each PodDisruptionBudget's status current.
/// (<see href="https://kubernetes.io/docs/tasks/run-application/configure-pdb/"/>)
/// </summary>
internal sealed class DisruptionBudgets(ClusterState state, PodOwners owners)
{
    /// <summary>Budgets that cover a pod.</summary>
    public IReadOnlyList<JsonObject> Covering(JsonObject pod) =>
        [.. state.Store.List(ResourceKinds.DisruptionBudgets, pod.Namespace()).Where(budget => Selects(budget, pod))];

    /// <summary>Writes every status that changed.</summary>
    public void Settle(DateTimeOffset now)
    {
        foreach (var budget in state.Store.List(ResourceKinds.DisruptionBudgets))
        {
            var status = Status(budget, now);
            if (JsonNode.DeepEquals(status, budget["status"]))
                continue;
            var settled = budget.Copy();
            settled["status"] = status;
            state.Store.Put(ResourceKinds.DisruptionBudgets, settled);
        }
    }

    /// <summary>What is wrong with a budget's spec, as field and reason; null when it is fine.</summary>
    public static (string Field, string Why)? Fault(JsonObject budget)
    {
        var (least, most) = (budget.At("spec", "minAvailable"), budget.At("spec", "maxUnavailable"));
        if (least is not null && most is not null)
            return ("spec", "Invalid value: minAvailable and maxUnavailable cannot be both set");
        foreach (var (name, value) in new[] { ("minAvailable", least), ("maxUnavailable", most) })
        {
            if (value is not null && (!TryShare(value, 100, out var count) || count < 0))
                return ($"spec.{name}", $"Invalid value: {value.ToJsonString()}: must be a number at least 0 or a percentage such as 50%");
        }

        return null;
    }

    private static bool Selects(JsonObject budget, JsonObject pod) => LabelSelector.Of(budget.At("spec", "selector"))?.Matches(pod) ?? false;

    private JsonObject Status(JsonObject budget, DateTimeOffset now)
    {
        var pods = state.Store.List(ResourceKinds.Pods, budget.Namespace()).Where(pod => Selects(budget, pod)).ToArray();
        var healthy = pods.Count(pod => PodObject.IsReady(pod) && !PodObject.IsTerminating(pod));
        var (expected, desired) = Wanted(budget, pods);
        var allowed = expected > 0 ? Math.Max(0, healthy - desired) : 0;
        return new JsonObject
        {
            ["conditions"] = new JsonArray(Condition(budget, allowed > 0, now)),
            ["currentHealthy"] = healthy,
            ["desiredHealthy"] = desired,
            ["disruptionsAllowed"] = allowed,
            ["expectedPods"] = expected,
            ["observedGeneration"] = budget.Number("metadata", "generation"),
        };
    }

    // A plain minAvailable counts the pods there are; percentages and maxUnavailable count the pods there should be.
    private (int Expected, int Desired) Wanted(JsonObject budget, JsonObject[] pods)
    {
        if (budget.At("spec", "maxUnavailable") is { } most)
        {
            var scale = Scale(pods);
            return (scale, Math.Max(0, scale - (TryShare(most, scale, out var unavailable) ? unavailable : 0)));
        }

        var least = budget.At("spec", "minAvailable") ?? 1;
        var expected = JsonFields.Scalar(least).EndsWith('%') ? Scale(pods) : pods.Length;
        return (expected, TryShare(least, expected, out var desired) ? desired : 1);
    }

    private int Scale(JsonObject[] pods) => pods.GroupBy(PodObject.OwnerOf).Sum(group =>
        Math.Max(group.Count(), group.Key.Kind.Length > 0 ? owners.SizeOf(group.First().Namespace(), group.Key.Kind, group.Key.Name) : 0));

    /// <summary>A count, or a percentage of the total rounded up.</summary>
    private static bool TryShare(JsonNode value, int total, out int count)
    {
        var text = JsonFields.Scalar(value);
        if (!text.EndsWith('%'))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out count);
        var ok = int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent);
        count = (int)Math.Ceiling(total * (double)percent / 100);
        return ok;
    }

    private static JsonObject Condition(JsonObject budget, bool sufficient, DateTimeOffset now)
    {
        var old = budget.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == "DisruptionAllowed");
        var status = sufficient ? "True" : "False";
        return new JsonObject
        {
            ["type"] = "DisruptionAllowed",
            ["status"] = status,
            ["reason"] = sufficient ? "SufficientPods" : "InsufficientPods",
            ["message"] = "",
            ["observedGeneration"] = budget.Number("metadata", "generation"),
            ["lastTransitionTime"] = old?.Text("status") == status ? old.Text("lastTransitionTime") : JsonFields.Stamp(now),
        };
    }
}
