using System.Text.Json;

namespace Observability.Collectors;

/// <summary>State of a job from the conditions that its controller writes, the last word first.</summary>
internal static class KubernetesJobConditions
{
    private static readonly (string Type, KubernetesJobState State)[] Order =
    [
        ("Failed", KubernetesJobState.Failed), ("Complete", KubernetesJobState.Succeeded), ("Completed", KubernetesJobState.Succeeded),
        ("Succeeded", KubernetesJobState.Succeeded), ("Suspended", KubernetesJobState.Suspended), ("Restarting", KubernetesJobState.Pending),
        ("Running", KubernetesJobState.Running),
    ];

    /// <summary>The state of a job object.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="job">What is known of it.</param>
    /// <param name="isSuspended">Whether its spec holds it back; the condition follows a moment later.</param>
    /// <param name="isAtWork">Whether pods of it run, for controllers that write no such condition.</param>
    public static KubernetesJob Read(JsonElement status, KubernetesJob job, bool isSuspended, bool isAtWork)
    {
        foreach (var (type, state) in Order)
        {
            if (Find(status, type) is { } condition && condition.Text("status") == "True")
                return Into(job, state, condition);
        }

        return job with { State = isSuspended ? KubernetesJobState.Suspended : isAtWork ? KubernetesJobState.Running : KubernetesJobState.Pending };
    }

    /// <summary>The state of a Workload: it waits until it is admitted, and again after it was evicted.</summary>
    public static KubernetesJob ReadWorkload(JsonElement status, KubernetesJob job)
    {
        if (Find(status, "Finished") is { } end && end.Text("status") == "True")
            return Into(job, end.Text("reason") == "Failed" ? KubernetesJobState.Failed : KubernetesJobState.Succeeded, end);
        if (Find(status, "Evicted") is { } evicted && evicted.Text("status") == "True")
            return Into(job, KubernetesJobState.Queued, evicted) with { Evicted = Why(evicted) };
        if (Find(status, "Admitted") is { } admitted && admitted.Text("status") == "True")
            return Into(job, KubernetesJobState.Running, admitted);
        return Find(status, "QuotaReserved") is { } quota ? Into(job, KubernetesJobState.Queued, quota) : job with { State = KubernetesJobState.Queued };
    }

    private static JsonElement? Find(JsonElement status, string type)
    {
        foreach (var condition in status.Items("conditions"))
        {
            if (condition.Text("type") == type)
                return condition;
        }

        return null;
    }

    private static KubernetesJob Into(KubernetesJob job, KubernetesJobState state, JsonElement condition) =>
        job with { State = state, Reason = Why(condition), Since = KubernetesReader.Time(condition.Text("lastTransitionTime")) };

    private static string Why(JsonElement condition) => condition.Text("message") is { Length: > 0 } message
        ? $"{condition.Text("reason")}: {Excerpt.Of(message, 200)}"
        : condition.Text("reason");
}
