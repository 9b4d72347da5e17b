using k8s;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>Takes a node out of scheduling and writes on it why, for which incident, for whom and until when.</summary>
public sealed class CordonAction(IKubernetes kubernetes) : IAction
{
    /// <inheritdoc/>
    public string Name => "kubernetes.cordon";

    /// <inheritdoc/>
    public Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return NodeWrite.RunAsync(kubernetes, intent.Target.Name, node => Decide(node, intent), cancellationToken);
    }

    private static NodeChange Decide(V1Node node, StepIntent intent)
    {
        var own = NodeHolds.KeyOf(intent.ExecutionId);
        var holds = NodeHolds.Of(node);
        var isCordoned = node.Spec?.Unschedulable == true;
        if (isCordoned && holds.Contains(own))
            return NodeChange.None("was cordoned already");
        var annotations = new Dictionary<string, string?> { [own] = NodeHolds.ValueOf(intent) };
        var isForeign = isCordoned && (holds.Count == 0 || NodeHolds.IsForeign(node));
        // A mark left by an older cordon that is gone by now says nothing about this one.
        annotations[NodeHolds.Foreign] = isForeign ? "true" : null;
        var patch = new { metadata = new { resourceVersion = node.Metadata.ResourceVersion, annotations }, spec = new { unschedulable = true } };
        return new NodeChange(
            isForeign ? $"{intent.Target.Name} was cordoned by somebody else, whose cordon will stay" : $"{intent.Target.Name} is cordoned",
            patch,
            after => after.Spec?.Unschedulable == true && NodeHolds.Of(after).Contains(own));
    }
}
