using k8s;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Takes the platform's mark from a node, and returns it to scheduling unless another hold or somebody else's cordon is
/// on it. Parameter <c>marks</c> names further executions whose holds are over. A node that is gone needs no return.
/// </summary>
public sealed class UncordonAction(IKubernetes kubernetes) : IAction
{
    /// <inheritdoc/>
    public string Name => "kubernetes.uncordon";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var outcome = await NodeWrite.RunAsync(kubernetes, intent.Target.Name, node => Decide(node, intent), cancellationToken);
        return outcome is { Result: StepResult.Impossible } && outcome.Detail.EndsWith("any more", StringComparison.Ordinal) ? (StepResult.Succeeded, outcome.Detail) : outcome;
    }

    private static NodeChange Decide(V1Node node, StepIntent intent)
    {
        var holds = NodeHolds.Of(node);
        var over = intent.Parameters["marks"].Split(',', StringSplitOptions.RemoveEmptyEntries).Append(intent.ExecutionId).Select(NodeHolds.KeyOf).ToHashSet(StringComparer.Ordinal);
        var own = holds.Where(over.Contains).ToArray();
        var others = holds.Where(key => !over.Contains(key)).ToArray();
        // Without our mark the cordon, if there is one, is not ours.
        if (own.Length == 0)
            return NodeChange.None(node.Spec?.Unschedulable == true ? "stays cordoned: the cordon does not carry this run's mark" : "was schedulable already");
        var annotations = own.ToDictionary(key => key, _ => (string?)null, StringComparer.Ordinal);
        var isForeign = NodeHolds.IsForeign(node);
        if (others.Length == 0)
            annotations[NodeHolds.Foreign] = null;
        var metadata = new { resourceVersion = node.Metadata.ResourceVersion, annotations };
        return others.Length > 0 ? new NodeChange($"stays cordoned for {others.Length} other holds", new { metadata }, IsUnmarked)
            : isForeign ? new NodeChange("stays cordoned: it was before, by somebody else", new { metadata }, IsUnmarked)
            : new NodeChange($"{intent.Target.Name} is schedulable again", new { metadata, spec = new { unschedulable = (bool?)null } }, after => after.Spec?.Unschedulable != true);

        bool IsUnmarked(V1Node after) => !NodeHolds.Of(after).Any(over.Contains);
    }
}
