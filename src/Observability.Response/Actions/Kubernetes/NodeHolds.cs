using System.Text.Json;
using k8s.Models;

namespace Observability.Response;

/// <summary>
/// What the platform writes on a node to remember whose cordon it is: one annotation per hold. A cordon that was there
/// before belongs to somebody else and is never undone.
/// </summary>
internal static class NodeHolds
{
    public const string Prefix = "observability.io/hold-";
    public const string Foreign = "observability.io/cordon-pre-existing";

    public static string KeyOf(string execution) => Prefix + execution.Replace('/', '.');

    public static IReadOnlyList<string> Of(V1Node node) =>
        [.. (node.Metadata.Annotations ?? new Dictionary<string, string>()).Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static bool IsForeign(V1Node node) => node.Metadata.Annotations?.ContainsKey(Foreign) ?? false;

    public static V1Patch Patch(object body) => new(JsonSerializer.Serialize(body), V1Patch.PatchType.MergePatch);
}
