using k8s;
using Observability.Model;

namespace Observability.Response;

/// <summary>Returns a node to scheduling, unless another hold or somebody else's cordon is on it.</summary>
public sealed class UncordonAction(IKubernetes kubernetes) : IAction
{
    /// <inheritdoc/>
    public string Name => "kubernetes.uncordon";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var node = await kubernetes.CoreV1.ReadNodeAsync(intent.Target.Name, cancellationToken: cancellationToken);
        var own = NodeHolds.KeyOf(intent.ExecutionId);
        var others = NodeHolds.Of(node).Where(key => key != own).ToArray();
        var stays = others.Length > 0 || NodeHolds.IsForeign(node);
        var annotations = new Dictionary<string, string?> { [own] = null };
        object body = stays
            ? new { metadata = new { resourceVersion = node.Metadata.ResourceVersion, annotations } }
            : new { metadata = new { resourceVersion = node.Metadata.ResourceVersion, annotations }, spec = new { unschedulable = (bool?)null } };
        await kubernetes.CoreV1.PatchNodeAsync(NodeHolds.Patch(body), intent.Target.Name, cancellationToken: cancellationToken);
        return stays
            ? (StepResult.Succeeded, others.Length > 0 ? $"stays cordoned for {others.Length} other holds" : "stays cordoned: it was before, by somebody else")
            : (StepResult.Succeeded, $"{intent.Target.Name} is schedulable again");
    }
}
