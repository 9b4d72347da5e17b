using k8s;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>Adds or removes a taint: parameters <c>key</c>, <c>value</c> and <c>effect</c> (NoSchedule where not stated).</summary>
public sealed class TaintAction(IKubernetes kubernetes, bool adds) : IAction
{
    private static readonly string[] Effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

    /// <inheritdoc/>
    public string Name => adds ? "kubernetes.taint" : "kubernetes.untaint";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var key = intent.Parameters["key"];
        var effect = intent.Parameters.TryGet("effect", out var stated) ? stated : "NoSchedule";
        if (key.Length == 0)
            return (StepResult.Impossible, $"step {intent.StepId}: parameter 'key' is missing");
        if (!Effects.Contains(effect))
            return (StepResult.Impossible, $"step {intent.StepId}: parameter 'effect': '{effect}' is not one of {string.Join(", ", Effects)}");
        var outcome = await NodeWrite.RunAsync(kubernetes, intent.Target.Name, node => Decide(node, key, intent.Parameters["value"], effect), cancellationToken);
        return !adds && outcome is { Result: StepResult.Impossible } && outcome.Detail.EndsWith("any more", StringComparison.Ordinal) ? (StepResult.Succeeded, outcome.Detail) : outcome;
    }

    private NodeChange Decide(V1Node node, string key, string value, string effect)
    {
        var taints = node.Spec?.Taints ?? [];
        var rest = taints.Where(taint => taint.Key != key || taint.Effect != effect).ToList();
        var mine = taints.FirstOrDefault(taint => taint.Key == key && taint.Effect == effect);
        if (adds ? mine is not null && (mine.Value ?? "") == value : mine is null)
            return NodeChange.None(adds ? "was tainted already" : "was not tainted");
        if (adds)
            rest.Add(new V1Taint { Key = key, Value = value, Effect = effect });
        var patch = new
        {
            metadata = new { resourceVersion = node.Metadata.ResourceVersion },
            spec = new { taints = rest.Select(taint => new { key = taint.Key, value = taint.Value, effect = taint.Effect, timeAdded = taint.TimeAdded }) },
        };
        return new NodeChange(
            adds ? $"tainted {key}={value}:{effect}" : $"removed taint {key}:{effect}",
            patch,
            after => (after.Spec?.Taints ?? []).Any(taint => taint.Key == key && taint.Effect == effect) == adds);
    }
}
