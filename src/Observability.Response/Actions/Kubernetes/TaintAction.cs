using k8s;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>Adds or removes a taint: parameters <c>key</c>, <c>value</c> and <c>effect</c>.</summary>
public sealed class TaintAction(IKubernetes kubernetes, bool adds) : IAction
{
    /// <inheritdoc/>
    public string Name => adds ? "kubernetes.taint" : "kubernetes.untaint";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var key = intent.Parameters["key"];
        var effect = intent.Parameters.TryGet("effect", out var stated) ? stated : "NoSchedule";
        if (key.Length == 0)
            return (StepResult.Impossible, "parameter 'key' is missing");
        var node = await kubernetes.CoreV1.ReadNodeAsync(intent.Target.Name, cancellationToken: cancellationToken);
        var taints = node.Spec.Taints ?? [];
        var rest = taints.Where(taint => taint.Key != key || taint.Effect != effect).ToList();
        if (adds == (rest.Count < taints.Count))
            return (StepResult.Succeeded, adds ? "was tainted already" : "was not tainted");
        if (adds)
            rest.Add(new V1Taint { Key = key, Value = intent.Parameters["value"], Effect = effect });
        var patch = NodeHolds.Patch(new
        {
            metadata = new { resourceVersion = node.Metadata.ResourceVersion },
            spec = new { taints = rest.Select(taint => new { key = taint.Key, value = taint.Value, effect = taint.Effect }) },
        });
        await kubernetes.CoreV1.PatchNodeAsync(patch, intent.Target.Name, cancellationToken: cancellationToken);
        return (StepResult.Succeeded, adds ? $"tainted {key}:{effect}" : $"removed taint {key}:{effect}");
    }
}
