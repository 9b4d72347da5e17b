using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Reads a node, decides, writes, and reads the answer. The write carries the version that was read: where somebody
/// changed the node in between (409), everything is decided anew.
/// </summary>
internal static class NodeWrite
{
    private const int MostConflicts = 5;

    /// <summary>Carries out what <paramref name="decide"/> wants of the node as it is: a patch, or an answer without one.</summary>
    public static async Task<(StepResult Result, string Detail)> RunAsync(
        IKubernetes kubernetes, string name, Func<V1Node, NodeChange> decide, CancellationToken cancellationToken)
    {
        for (var conflict = 0; conflict < MostConflicts; conflict++)
        {
            try
            {
                var node = await kubernetes.CoreV1.ReadNodeAsync(name, cancellationToken: cancellationToken);
                var change = decide(node);
                if (change.Patch is null)
                    return (StepResult.Succeeded, change.Detail);
                var after = await kubernetes.CoreV1.PatchNodeAsync(NodeHolds.Patch(change.Patch), name, cancellationToken: cancellationToken);
                return change.IsThere(after) ? (StepResult.Succeeded, change.Detail) : (StepResult.Failed, $"{name}: the write was accepted, its effect is not there");
            }
            catch (HttpOperationException fault) when (fault.Response.StatusCode == HttpStatusCode.Conflict)
            {
            }
            catch (HttpOperationException fault)
            {
                return Read(fault, name);
            }
        }

        return (StepResult.Failed, $"{name}: changed by others {MostConflicts} times in a row");
    }

    /// <summary>Turns a refusal of the API server into an outcome: what cannot get better is impossible.</summary>
    public static (StepResult Result, string Detail) Read(HttpOperationException fault, string name) => fault.Response.StatusCode switch
    {
        HttpStatusCode.NotFound => (StepResult.Impossible, $"{name} does not exist any more"),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            (StepResult.Impossible, $"{name}: the cluster answered {(int)fault.Response.StatusCode}; give the platform's service account get, list and patch on nodes and create on pods/eviction"),
        HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => (StepResult.Impossible, $"{name}: the cluster refused the request: {Short(fault.Response.Content)}"),
        var other => (StepResult.Failed, $"{name}: the cluster answered {(int)other}: {Short(fault.Response.Content)}"),
    };

    private static string Short(string? text) => text is null ? "" : text.Length > 200 ? text[..200] : text;
}
