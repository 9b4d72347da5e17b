using System.Collections.Immutable;
using System.Text.Json;

namespace Observability.Collectors;

/// <summary>A kind of job object that some clusters have.</summary>
/// <param name="Name">What it is called here; the two kinds that call themselves Job are told apart.</param>
/// <param name="Group">Its API group.</param>
/// <param name="Versions">Versions whose shape is known, the best first.</param>
/// <param name="Plural">Its name in URLs.</param>
/// <param name="Read">Takes what only this kind has.</param>
internal sealed record KubernetesJobKind(
    string Name, string Group, ImmutableArray<string> Versions, string Plural, Func<JsonElement, KubernetesJob, KubernetesJob> Read)
{
    /// <summary>Every kind that is followed. Sources: the CRDs of Kubeflow, Volcano, JobSet and Kueue, and batch/v1.</summary>
    public static ImmutableArray<KubernetesJobKind> All { get; } =
    [
        new("TrainJob", "trainer.kubeflow.org", ["v1alpha1"], "trainjobs", KubernetesJobShapes.TrainJob),
        new("PyTorchJob", "kubeflow.org", ["v1"], "pytorchjobs", KubernetesJobShapes.Kubeflow),
        new("MPIJob", "kubeflow.org", ["v2beta1", "v1"], "mpijobs", KubernetesJobShapes.Kubeflow),
        new("VolcanoJob", "batch.volcano.sh", ["v1alpha1"], "jobs", KubernetesJobShapes.Volcano),
        new("JobSet", "jobset.x-k8s.io", ["v1alpha2"], "jobsets", KubernetesJobShapes.JobSet),
        new("Workload", "kueue.x-k8s.io", ["v1beta1", "v1beta2"], "workloads", KubernetesJobShapes.Workload),
        new("Job", "batch", ["v1"], "jobs", KubernetesJobShapes.Batch),
    ];

    /// <summary>The kind as its objects write it.</summary>
    public string Kind => Name == "VolcanoJob" ? "Job" : Name;

    /// <summary>The kind of an object; null where it is none of these.</summary>
    public static KubernetesJobKind? Of(string apiVersion, string kind)
    {
        foreach (var one in All)
        {
            if (one.Kind == kind && apiVersion.StartsWith(one.Group, StringComparison.Ordinal) && apiVersion.Length > one.Group.Length && apiVersion[one.Group.Length] == '/')
                return one;
        }

        return null;
    }

    /// <summary>A job; null where it has no name.</summary>
    public KubernetesJob? JobOf(JsonElement item)
    {
        var metadata = item.Get("metadata");
        if (metadata.Text("name") is not { Length: > 0 } name)
            return null;
        var owner = metadata.Items("ownerReferences").OrderBy(one => one.Text("controller") == "true" ? 0 : 1).FirstOrDefault();
        var labels = metadata.Get("labels");
        return Read(item, new KubernetesJob(Name, metadata.Text("namespace") is { Length: > 0 } space ? space : "default", name)
        {
            Uid = metadata.Text("uid"),
            Owner = owner.Text("name").Length > 0 ? $"{owner.Text("kind")}/{owner.Text("name")}" : "",
            OwnerUid = owner.Text("uid"),
            Queue = labels.Text("kueue.x-k8s.io/queue-name"),
            Priority = labels.Text("kueue.x-k8s.io/priority-class"),
        });
    }
}
