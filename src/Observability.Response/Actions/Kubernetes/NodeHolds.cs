using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using k8s.Models;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// What the platform writes on a node to remember whose cordon it is: one annotation per hold, with reason, incident,
/// owner and expiry. A cordon that was there before belongs to somebody else and is never undone.
/// </summary>
internal static class NodeHolds
{
    public const string Prefix = "observability.io/hold-";
    public const string Foreign = "observability.io/cordon-pre-existing";

    // Kubernetes: the name after the slash has at most 63 characters, "hold-" among them.
    private const int MostName = 63 - 5;

    public static string KeyOf(string execution)
    {
        var name = string.Concat(execution.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '.'));
        if (name.Length > MostName)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(execution)).AsSpan(0, 4));
            name = $"{name[..(MostName - 9)]}-{hash}";
        }

        return Prefix + name;
    }

    /// <summary>Example: <c>gpu fell off the bus; incident INC-000001; owner observability; expires 2026-03-02T12:00:00Z</c>.</summary>
    public static string ValueOf(StepIntent intent) => string.Join("; ", new[]
    {
        intent.Parameters["reason"],
        $"incident {intent.Parameters["incident"]}",
        $"owner {intent.Parameters["owner"]}",
        $"expires {intent.Parameters["expires"]}",
    }.Where(part => part.Length > 0 && !part.EndsWith(' ')));

    public static IReadOnlyList<string> Of(V1Node node) =>
        [.. (node.Metadata.Annotations ?? new Dictionary<string, string>()).Keys.Where(key => key.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    public static bool IsForeign(V1Node node) => node.Metadata.Annotations?.ContainsKey(Foreign) ?? false;

    public static V1Patch Patch(object body) => new(JsonSerializer.Serialize(body), V1Patch.PatchType.MergePatch);
}
