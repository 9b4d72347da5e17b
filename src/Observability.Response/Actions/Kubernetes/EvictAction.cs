using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Drains a node through the Eviction API, so that disruption budgets are respected: a budget that says no is "not yet".
/// DaemonSet and mirror pods stay. Done means that no pod that matters is left, hung and terminating ones included: as
/// long as a process may hold the GPU, the node is not drained. A gang loses all its ranks with one pod, so the detail
/// names the jobs that go.
/// </summary>
public sealed class EvictAction(IKubernetes kubernetes) : IAction
{
    private const string JobLabel = "training.kubeflow.org/job-name";
    private const int MostNames = 8;

    /// <inheritdoc/>
    public string Name => "kubernetes.evict";

    /// <inheritdoc/>
    public async Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        try
        {
            var pods = await kubernetes.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: $"spec.nodeName={intent.Target.Name}", cancellationToken: cancellationToken);
            var leaving = pods.Items.Where(MustLeave).OrderBy(NameOf, StringComparer.Ordinal).ToArray();
            if (leaving.Length == 0)
                return (StepResult.Succeeded, "no pod is left to evict");
            var refused = new List<string>();
            foreach (var pod in leaving.Where(pod => pod.Metadata.DeletionTimestamp is null))
            {
                if (await EvictAsync(pod, cancellationToken) is { } refusal)
                    refused.Add(refusal);
            }

            return (StepResult.NotYet, refused.Count > 0 ? string.Join("; ", refused.Take(MostNames)) : $"{leaving.Length} pods are on their way out: {Names(leaving)}{Gangs(leaving)}");
        }
        catch (HttpOperationException fault)
        {
            return NodeWrite.Read(fault, intent.Target.Name);
        }
    }

    // Why it may not leave yet; null where it goes or is gone.
    private async Task<string?> EvictAsync(V1Pod pod, CancellationToken cancellationToken)
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
            return null;
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            return null;
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            // A budget says so in the causes; without it the server itself is busy.
            return fault.Response.Content?.Contains("DisruptionBudget", StringComparison.Ordinal) ?? false
                ? $"a disruption budget holds {NameOf(pod)}"
                : $"the cluster is too busy to evict {NameOf(pod)}";
        }
        catch (HttpOperationException fault) when (fault.Response.StatusCode == HttpStatusCode.InternalServerError)
        {
            return $"{NameOf(pod)} cannot be evicted, probably because several disruption budgets match it";
        }
    }

    private static bool MustLeave(V1Pod pod) =>
        pod.Status?.Phase is not ("Succeeded" or "Failed")
        && !(pod.Metadata.OwnerReferences?.Any(owner => owner.Kind is "DaemonSet" or "Node") ?? false)
        && !(pod.Metadata.Annotations?.ContainsKey("kubernetes.io/config.mirror") ?? false);

    private static string Names(V1Pod[] pods) => string.Join(", ", pods.Take(MostNames).Select(NameOf)) + (pods.Length > MostNames ? ", …" : "");

    private static string Gangs(V1Pod[] pods)
    {
        var jobs = pods.Select(pod => pod.Metadata.Labels?.TryGetValue(JobLabel, out var job) == true ? job : "").Where(job => job.Length > 0).Distinct().Order(StringComparer.Ordinal).ToArray();
        return jobs.Length > 0 ? $"; jobs that stop with them: {string.Join(", ", jobs.Take(MostNames))}" : "";
    }

    private static string NameOf(V1Pod pod) => $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}";
}
