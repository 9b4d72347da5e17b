namespace Observability.Simulator;

/// <summary>Nodes and pods as a cluster's API names and labels them.</summary>
internal static class ClusterView
{
    public static SimulatedNode Of(SimNode node) => new(node.Name, LabelsOf(node), !node.Down);

    public static IEnumerable<SimulatedPod> PodsOf(TrainingJob job) => job.Ranks.Select(gpu => gpu.Node).Distinct().Select(node =>
        new SimulatedPod("training", PodName(job, node), $"uid-{job.Name}-{node.Name}-{job.Generation}", node.Name, job.Name,
            new Dictionary<string, string> { ["training.kubeflow.org/job-name"] = job.Name, ["app"] = job.Name }, "PyTorchJob", job.Name, true));

    public static string PodName(TrainingJob job, SimNode node) => $"{job.Name}-{node.Name}";

    private static Dictionary<string, string> LabelsOf(SimNode node) => new()
    {
        ["kubernetes.io/hostname"] = node.Name,
        ["kubernetes.io/os"] = "linux",
        ["nvidia.com/gpu.present"] = "true",
        ["nvidia.com/gpu.count"] = "8",
        ["nvidia.com/gpu.product"] = "NVIDIA-H100-80GB-HBM3",
        ["topology.kubernetes.io/rack"] = node.Rack,
        ["fabric.topograph.run/tier-0"] = $"unit-{node.Unit}",
    };
}
