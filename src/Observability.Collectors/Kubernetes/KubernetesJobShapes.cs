using System.Globalization;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>
/// What each kind of job object says of its gang and its state. Where a controller writes no state, the pods it counts tell it.
/// <code>
/// PyTorchJob  spec.pytorchReplicaSpecs.{Master,Worker}.{replicas,template}     status.conditions[Running|Restarting|Suspended|Succeeded|Failed]
/// TrainJob    spec.trainer.{numNodes,resourcesPerNode}                        status.conditions[Suspended|Complete|Failed], jobsStatus[]
/// JobSet      spec.replicatedJobs[].{replicas,template.spec.parallelism}      status.conditions[Suspended|Completed|Failed], restarts
/// batch Job   spec.{parallelism,completions,suspend,template}                 status.conditions[Suspended|Complete|Failed], active, ready
/// Volcano Job spec.{minAvailable,queue,tasks[].replicas}                      status.state.phase, retryCount
/// Workload    spec.{queueName,podSets[].count}                                status.conditions[QuotaReserved|Admitted|Evicted|Finished]
/// </code>
/// </summary>
internal static class KubernetesJobShapes
{
    private const int MostPods = 1_000_000;

    public static KubernetesJob Kubeflow(JsonElement item, KubernetesJob job)
    {
        var (spec, status) = (item.Get("spec"), item.Get("status"));
        var policy = spec.Get("runPolicy").Get("schedulingPolicy");
        var gang = new Gangs();
        foreach (var replicas in spec.ValueKind == JsonValueKind.Object ? spec.EnumerateObject() : default)
        {
            if (!replicas.Name.EndsWith("ReplicaSpecs", StringComparison.Ordinal) || replicas.Value.ValueKind != JsonValueKind.Object)
                continue;
            foreach (var role in replicas.Value.EnumerateObject())
                gang.Add(Count(role.Value, "replicas") ?? 1, role.Value.Get("template").Get("spec"));
        }

        var running = status.Get("replicaStatuses") is { ValueKind: JsonValueKind.Object } counts && counts.EnumerateObject().Any(role => role.Value.Number("active") > 0);
        job = KubernetesJobConditions.Read(status, job, spec.Get("runPolicy").Text("suspend") == "true", running);
        return gang.Into(job) with
        {
            Queue = job.Queue.Length > 0 ? job.Queue : policy.Text("queue"),
            Priority = job.Priority.Length > 0 ? job.Priority : policy.Text("priorityClass"),
            LeastPods = Count(policy, "minAvailable") ?? gang.Pods,
        };
    }

    public static KubernetesJob TrainJob(JsonElement item, KubernetesJob job)
    {
        var (spec, status) = (item.Get("spec"), item.Get("status"));
        var trainer = spec.Get("trainer");
        // Without numNodes the runtime decides, and its JobSet knows.
        var nodes = Count(trainer, "numNodes") ?? 0;
        var gpus = KubernetesReader.Gpus(trainer.Get("resourcesPerNode").Get("limits"));
        job = KubernetesJobConditions.Read(status, job, spec.Text("suspend") == "true", AnyAtWork(status.Items("jobsStatus")));
        return job with { Pods = nodes, LeastPods = nodes, Gpus = (int)Math.Min((long)gpus * nodes, int.MaxValue) };
    }

    public static KubernetesJob JobSet(JsonElement item, KubernetesJob job)
    {
        var (spec, status) = (item.Get("spec"), item.Get("status"));
        var gang = new Gangs();
        foreach (var part in spec.Items("replicatedJobs"))
        {
            var work = part.Get("template").Get("spec");
            gang.Add((long)(Count(part, "replicas") ?? 1) * (Count(work, "parallelism") ?? 1), work.Get("template").Get("spec"));
        }

        job = KubernetesJobConditions.Read(status, job, spec.Text("suspend") == "true", AnyAtWork(status.Items("replicatedJobsStatus")));
        return gang.Into(job) with { Restarts = Count(status, "restarts") ?? 0 };
    }

    public static KubernetesJob Batch(JsonElement item, KubernetesJob job)
    {
        var (spec, status) = (item.Get("spec"), item.Get("status"));
        var gang = new Gangs();
        gang.Add(Count(spec, "parallelism") ?? 1, spec.Get("template").Get("spec"));
        // Servers before 1.24 count no ready pods.
        var atWork = (status.Number("ready") ?? status.Number("active")) > 0;
        job = KubernetesJobConditions.Read(status, job, spec.Text("suspend") == "true", atWork);
        return gang.Into(job) with { Restarts = Count(status, "failed") ?? 0 };
    }

    public static KubernetesJob Volcano(JsonElement item, KubernetesJob job)
    {
        var (spec, status) = (item.Get("spec"), item.Get("status"));
        var gang = new Gangs();
        foreach (var task in spec.Items("tasks"))
            gang.Add(Count(task, "replicas") ?? 1, task.Get("template").Get("spec"));
        var state = status.Get("state");
        return gang.Into(job) with
        {
            Queue = spec.Text("queue") is { Length: > 0 } queue ? queue : job.Queue,
            Priority = spec.Text("priorityClassName"),
            LeastPods = Count(spec, "minAvailable") is > 0 and var least ? least : gang.Pods,
            Restarts = Count(status, "retryCount") ?? 0,
            Reason = state.Text("reason") is { Length: > 0 } reason ? reason : state.Text("message"),
            Since = KubernetesReader.Time(state.Text("lastTransitionTime")),
            State = state.Text("phase") switch
            {
                "Running" or "Completing" or "Terminating" => KubernetesJobState.Running,
                "Completed" => KubernetesJobState.Succeeded,
                "Failed" or "Terminated" => KubernetesJobState.Failed,
                "Aborted" or "Aborting" => KubernetesJobState.Suspended,
                _ => KubernetesJobState.Pending,
            },
        };
    }

    public static KubernetesJob Workload(JsonElement item, KubernetesJob job)
    {
        var (spec, status) = (item.Get("spec"), item.Get("status"));
        var gang = new Gangs();
        foreach (var set in spec.Items("podSets"))
            gang.Add(Count(set, "count") ?? 1, set.Get("template").Get("spec"));
        var least = spec.Items("podSets").Sum(set => (long)(Count(set, "minCount") ?? Count(set, "count") ?? 1));
        return KubernetesJobConditions.ReadWorkload(status, gang.Into(job)) with
        {
            Queue = spec.Text("queueName") is { Length: > 0 } queue ? queue : job.Queue,
            Priority = spec.Text("priorityClassName"),
            LeastPods = (int)Math.Min(least, MostPods),
            Restarts = Count(status.Get("requeueState"), "count") ?? 0,
        };
    }

    private static bool AnyAtWork(IEnumerable<JsonElement> parts) => parts.Any(part => part.Number("ready") > 0 || part.Number("active") > 0);

    private static int? Count(JsonElement element, string name) =>
        int.TryParse(element.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, MostPods) : null;

    /// <summary>Pods and GPUs of a gang, added up over its roles.</summary>
    private sealed class Gangs
    {
        private long _gpus;
        private long _pods;

        public int Pods => (int)Math.Min(_pods, MostPods);

        public void Add(long pods, JsonElement podSpec)
        {
            _pods += pods;
            _gpus += pods * podSpec.Items("containers").Sum(container => (long)KubernetesReader.Gpus(container.Get("resources").Get("limits")));
        }

        public KubernetesJob Into(KubernetesJob job) => job with { Pods = Pods, LeastPods = Pods, Gpus = (int)Math.Min(_gpus, int.MaxValue) };
    }
}
