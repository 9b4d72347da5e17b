using k8s;
using Observability.Model;

namespace Observability.Response;

/// <summary>Takes a node out of scheduling and writes on it why and for whom.</summary>
public sealed class CordonAction(IKubernetes kubernetes) : IAction
{
    /// <inheritdoc/>
    public string Name => "kubernetes.cordon";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var node = await kubernetes.CoreV1.ReadNodeAsync(intent.Target.Name, cancellationToken: cancellationToken);
        var own = NodeHolds.KeyOf(intent.ExecutionId);
        if (node.Spec.Unschedulable == true && NodeHolds.Of(node).Contains(own))
            return (StepResult.Succeeded, "was cordoned already");
        var annotations = new Dictionary<string, string?> { [own] = $"{intent.Parameters["reason"]} ({intent.Parameters["incident"]})" };
        if (node.Spec.Unschedulable == true && NodeHolds.Of(node).Count == 0)
            annotations[NodeHolds.Foreign] = "true";
        // The version makes the write fail where somebody changed the node in between; the run then tries again.
        var patch = NodeHolds.Patch(new { metadata = new { resourceVersion = node.Metadata.ResourceVersion, annotations }, spec = new { unschedulable = true } });
        var after = await kubernetes.CoreV1.PatchNodeAsync(patch, intent.Target.Name, cancellationToken: cancellationToken);
        return after.Spec.Unschedulable == true ? (StepResult.Succeeded, $"{intent.Target.Name} is cordoned") : (StepResult.Failed, "the node is still schedulable");
    }
}
