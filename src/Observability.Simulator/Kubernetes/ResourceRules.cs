using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Observability.Simulator;

/// <summary>Validation of what clients send.</summary>
internal static partial class ResourceRules
{
    private const int NameLimit = 253;

    /// <summary>A 422 with the field at fault; null when the object may be stored.</summary>
    public static ApiResult? Check(ResourceKind kind, JsonObject value)
    {
        var name = value.Name();
        if (name.Length > NameLimit || !NamePattern().IsMatch(name))
            return ApiStatus.Invalid(kind, name, "metadata.name", $"Invalid value: \"{name}\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'");
        foreach (var field in (string[])["labels", "annotations"])
        {
            if (!IsTextMap(value.At("metadata", field)))
                return ApiStatus.BadRequest($"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: metadata.{field} must map strings to strings");
        }

        return kind.Kind switch
        {
            "Node" => CheckTaints(kind, value),
            "PodDisruptionBudget" when DisruptionBudgets.Fault(value) is { } fault => ApiStatus.Invalid(kind, name, fault.Field, fault.Why),
            "Lease" when value.At("spec", "leaseDurationSeconds") is not null && value.Number("spec", "leaseDurationSeconds") <= 0 =>
                ApiStatus.Invalid(kind, name, "spec.leaseDurationSeconds", "must be greater than 0"),
            _ => null,
        };
    }

    private static ApiResult? CheckTaints(ResourceKind kind, JsonObject node)
    {
        if (node.At("spec", "unschedulable") is { } flag && flag.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
            return ApiStatus.BadRequest("Node in version \"v1\" cannot be handled as a Node: spec.unschedulable must be a boolean, not " + flag.ToJsonString());
        var known = new HashSet<(string, string)>();
        var index = 0;
        foreach (var taint in node.Objects("spec", "taints"))
        {
            var (key, effect) = (taint.Text("key"), taint.Text("effect"));
            if (key.Length == 0)
                return ApiStatus.Invalid(kind, node.Name(), $"spec.taints[{index}].key", "Required value: name part must be non-empty");
            if (effect is not ("NoSchedule" or "PreferNoSchedule" or "NoExecute"))
                return ApiStatus.Invalid(kind, node.Name(), $"spec.taints[{index}].effect", $"Unsupported value: \"{effect}\": supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\"");
            if (!known.Add((key, effect)))
                return ApiStatus.Invalid(kind, node.Name(), $"spec.taints[{index}]", $"Duplicate value: taints must be unique by key and effect pair: {key}:{effect}");
            index++;
        }

        return null;
    }

    private static bool IsTextMap(JsonNode? node) =>
        node is null || (node is JsonObject map && map.All(pair => pair.Value?.GetValueKind() == JsonValueKind.String));

    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")]
    private static partial Regex NamePattern();
}
