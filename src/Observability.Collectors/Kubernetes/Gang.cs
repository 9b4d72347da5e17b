using System.Globalization;

namespace Observability.Collectors;

/// <summary>The job a pod works for and its place in it.</summary>
/// <param name="Job">The job's name, as <c>job_name</c> has it elsewhere.</param>
/// <param name="Index">The pod's number in the job; null where nothing tells.</param>
internal sealed record Gang(string Job, int? Index)
{
    // The label that names the job, and those that hold the pod's number, the outer scheduler before what it is made of.
    private static readonly (string Job, string[] Index)[] Labels =
    [
        ("training.kubeflow.org/job-name", ["training.kubeflow.org/replica-index"]),
        ("jobset.sigs.k8s.io/jobset-name", ["jobset.sigs.k8s.io/job-global-index", "batch.kubernetes.io/job-completion-index", "jobset.sigs.k8s.io/job-index"]),
        ("volcano.sh/job-name", ["volcano.sh/task-index"]),
        ("leaderworkerset.sigs.k8s.io/name", ["leaderworkerset.sigs.k8s.io/worker-index"]),
        ("ray.io/cluster", []),
        ("kueue.x-k8s.io/pod-group-name", ["kueue.x-k8s.io/pod-group-pod-index"]),
        ("batch.kubernetes.io/job-name", ["batch.kubernetes.io/job-completion-index"]),
        ("job-name", ["batch.kubernetes.io/job-completion-index"]),
    ];

    /// <summary>The gang a pod belongs to; null where it belongs to none.</summary>
    public static Gang? Of(KubernetesPod pod)
    {
        foreach (var (job, indices) in Labels)
        {
            if (!pod.Labels.TryGet(job, out var name))
                continue;
            // The launcher's own number goes first: Kubeflow counts masters and workers apart in its labels.
            var index = Number(pod.Environment["PET_NODE_RANK"]) ?? Number(pod.Environment["RANK"]);
            foreach (var label in indices)
                index ??= Number(pod.Labels[label]) ?? Number(pod.Annotations[label]);
            return new Gang(name, index);
        }

        return null;
    }

    /// <summary>Processes that a pod of the gang runs: what the launcher says, else one for each GPU.</summary>
    public static int ProcessesOf(KubernetesPod pod) => Number(pod.Environment["PET_NPROC_PER_NODE"]) is > 0 and <= 1_024 and var stated ? stated : pod.Gpus;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 10_000_000 ? number : null;
}
