using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>JSON merge patch (<see href="https://www.rfc-editor.org/rfc/rfc7396"/>): null removes, objects merge, all else replaces.</summary>
internal static class MergePatch
{
    /// <summary>Applies the patch to the target, which is changed.</summary>
    public static PatchOutcome Apply(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
            return PatchOutcome.Refused("a merge patch must be an object");
        Merge(target, changes);
        return PatchOutcome.Of(target);
    }

    private static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (name, change) in changes)
        {
            if (change is null)
                target.Remove(name);
            else if (change is JsonObject inner)
                Merge(target.Child(name), inner);
            else
                target[name] = change.DeepClone();
        }
    }
}
