using System.Globalization;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>Jobs as entities and series, and what became of them between two looks as events.</summary>
internal static class KubernetesJobSignals
{
    private static readonly KubernetesJobState[] States = Enum.GetValues<KubernetesJobState>();

    /// <summary>
    /// Per job <c>k8s_job_state{state}</c> (1 for the one it is in), <c>k8s_job_pods</c>, <c>k8s_job_pods_least</c>, <c>k8s_job_pods_running</c>,
    /// <c>k8s_job_gpus</c> and <c>k8s_job_restarts_total</c>.
    /// </summary>
    public static IEnumerable<SeriesSample> Samples(IEnumerable<GangJob> jobs, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        foreach (var (job, running) in jobs)
        {
            var own = LabelSet.Of(("namespace", job.Namespace), ("job_name", job.Name), ("kind", job.Kind), ("queue", job.Queue));
            foreach (var state in States)
                yield return Sample("k8s_job_state", own.With("state", Text(state)), job.State == state ? 1 : 0);
            yield return Sample("k8s_job_pods", own, job.Pods);
            yield return Sample("k8s_job_pods_least", own, job.LeastPods);
            yield return Sample("k8s_job_pods_running", own, running);
            yield return Sample("k8s_job_gpus", own, job.Gpus);
            yield return Sample("k8s_job_restarts_total", own, job.Restarts);
        }

        SeriesSample Sample(string name, LabelSet labels, double value) => new(labels.With(LabelSet.MetricNameLabel, name), new Sample(time, value));
    }

    /// <summary>A job that is not over, as an entity; one with that name in another namespace is the same entity to everything that follows.</summary>
    public static Entity EntityOf(GangJob gang)
    {
        var job = gang.Job;
        return new Entity(new EntityId(EntityKind.Job, job.Name), job.Name, LabelSet.Of(
            ("job", job.Name), ("namespace", job.Namespace), ("kind", job.Kind), ("owner", job.Owner), ("queue", job.Queue), ("priority", job.Priority),
            ("pods", Number(job.Pods)), ("gpus", Number(job.Gpus)), ("state", Text(job.State))));
    }

    /// <summary>What became of a job: it failed, it was started again, or its queue took its place away.</summary>
    /// <param name="before">How it was at the last look; null where it is new, so that what lies behind it is not told.</param>
    /// <param name="after">How it is.</param>
    /// <param name="at">The moment of the look.</param>
    public static IEnumerable<TelemetryEvent> Changes(GangJob? before, GangJob after, DateTimeOffset at)
    {
        if (before is null)
            yield break;
        var (was, job) = (before.Job, after.Job);
        if (job.State == KubernetesJobState.Failed && was.State != KubernetesJobState.Failed)
            yield return Event("k8s:job_failed", job, job.Since ?? at, $"{job.Kind} {job.Namespace}/{job.Name} failed: {job.Reason}");
        if (job.Restarts > was.Restarts)
            yield return Event("k8s:job_restarted", job, at, $"{job.Kind} {job.Namespace}/{job.Name} was started again, {Number(job.Restarts)} times by now");
        if (job.Evicted.Length > 0 && was.Evicted.Length == 0)
            yield return Event("k8s:job_evicted", job, at, $"{job.Kind} {job.Namespace}/{job.Name} lost its place in {job.Queue}: {job.Evicted}");
    }

    private static TelemetryEvent Event(string code, KubernetesJob job, DateTimeOffset at, string text)
    {
        var where = LabelSet.Of(("namespace", job.Namespace), ("job_name", job.Name), ("kind", job.Kind));
        return new TelemetryEvent
        {
            At = at,
            Source = EventSource.Kubernetes,
            Code = code,
            Raw = text,
            Severity = EventSeverity.Warning,
            Labels = where,
            DedupeKey = $"{code}|{where}|{at:O}",
        };
    }

    private static string Text(KubernetesJobState state) => state switch
    {
        KubernetesJobState.Pending => "pending",
        KubernetesJobState.Queued => "queued",
        KubernetesJobState.Suspended => "suspended",
        KubernetesJobState.Running => "running",
        KubernetesJobState.Succeeded => "succeeded",
        _ => "failed",
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
