namespace Observability.Collectors;

/// <summary>
/// A job as people mean it: the outermost object, with what those say that it made. A TrainJob makes a JobSet, that batch Jobs, and Kueue a
/// Workload beside them; the outermost one has the name that the pods' labels bear.
/// </summary>
/// <param name="Job">The outermost object, its gaps filled from those below it.</param>
/// <param name="PodsRunning">Pods of it that run now.</param>
internal sealed record GangJob(KubernetesJob Job, int PodsRunning)
{
    private const int MostLevels = 8;

    /// <summary>Identity while it lives; one that is made anew under its name is another job.</summary>
    public string Key => $"{Job.Kind}/{Job.Namespace}/{Job.Name}/{Job.Uid}";

    /// <summary>Every job of the objects, by namespace, name and kind.</summary>
    public static List<GangJob> Of(IReadOnlyCollection<KubernetesJob> objects, IEnumerable<KubernetesPod> pods)
    {
        var byUid = new Dictionary<string, KubernetesJob>(StringComparer.Ordinal);
        foreach (var one in objects)
        {
            if (one.Uid.Length > 0)
                byUid[one.Uid] = one;
        }

        var running = new Dictionary<(string, string), int>();
        foreach (var pod in pods)
        {
            if (pod.Phase == "Running" && Gang.Of(pod) is { } gang)
                running[(pod.Namespace, gang.Job)] = running.GetValueOrDefault((pod.Namespace, gang.Job)) + 1;
        }

        return [.. objects.GroupBy(one => Outermost(one, byUid)).Where(tree => !tree.Key.IsWorkload)
            .Select(tree => new GangJob(Filled(tree.Key, tree), running.GetValueOrDefault((tree.Key.Namespace, tree.Key.Name))))
            .OrderBy(job => job.Key, StringComparer.Ordinal)];
    }

    private static KubernetesJob Outermost(KubernetesJob one, Dictionary<string, KubernetesJob> byUid)
    {
        for (var level = 0; level < MostLevels && byUid.TryGetValue(one.OwnerUid, out var above); level++)
            one = above;
        return one;
    }

    private static KubernetesJob Filled(KubernetesJob outer, IEnumerable<KubernetesJob> tree)
    {
        var all = tree.ToList();
        var workload = all.Find(one => one.IsWorkload);
        // Parts of a gang count their own pods; the largest of them is the one that spans it.
        var widest = all.Where(one => !one.IsWorkload).MaxBy(one => one.Pods)!;
        var size = outer.Pods > 0 ? outer : workload is { Pods: > 0 } ? workload : widest;
        var waits = outer.State == KubernetesJobState.Suspended && workload?.State == KubernetesJobState.Queued;
        return outer with
        {
            Pods = size.Pods,
            LeastPods = outer.Pods > 0 && workload is { LeastPods: > 0 } ? Math.Min(outer.LeastPods, workload.LeastPods) : size.LeastPods,
            Gpus = outer.Gpus > 0 ? outer.Gpus : size.Gpus,
            Queue = outer.Queue.Length > 0 ? outer.Queue : workload?.Queue ?? "",
            Priority = outer.Priority.Length > 0 ? outer.Priority : workload?.Priority ?? "",
            Restarts = all.Where(one => one.Kind == outer.Kind || one.Kind == "JobSet").Max(one => one.Restarts),
            State = waits ? KubernetesJobState.Queued : outer.State,
            Reason = waits ? workload!.Reason : outer.Reason,
            Evicted = workload?.Evicted ?? "",
        };
    }
}
