using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Drains a node through the Eviction API, so that disruption budgets are respected: a budget that says no is "not yet".
/// DaemonSet and mirror pods stay. Done means: no pod that matters is left.
/// </summary>
public sealed class EvictAction(IKubernetes kubernetes) : IAction
{
    /// <inheritdoc/>
    public string Name => "kubernetes.evict";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        var pods = await kubernetes.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: $"spec.nodeName={intent.Target.Name}", cancellationToken: cancellationToken);
        var leaving = pods.Items.Where(MustLeave).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).ToArray();
        if (leaving.Length == 0)
            return (StepResult.Succeeded, "no pod is left to evict");
        var refused = new List<string>();
        foreach (var pod in leaving)
        {
            if (!await TryEvictAsync(pod, cancellationToken))
                refused.Add(pod.Metadata.Name);
        }

        return refused.Count > 0
            ? (StepResult.NotYet, $"a disruption budget holds {string.Join(", ", refused)}")
            : (StepResult.NotYet, $"{leaving.Length} pods were asked to leave");
    }

    private async Task<bool> TryEvictAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var eviction = new V1Eviction
        {
            Metadata = new V1ObjectMeta { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty },
            // The same name may be another pod by now.
            DeleteOptions = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid } },
        };
        try
        {
            await kubernetes.CoreV1.CreateNamespacedPodEvictionAsync(eviction, pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
            return true;
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return false;
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return true;
        }
    }

    private static bool MustLeave(V1Pod pod) =>
        pod.Status?.Phase is not ("Succeeded" or "Failed")
        && !(pod.Metadata.OwnerReferences?.Any(owner => owner.Kind is "DaemonSet" or "Node") ?? false)
        && !(pod.Metadata.Annotations?.ContainsKey("kubernetes.io/config.mirror") ?? false);
}
