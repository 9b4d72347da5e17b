using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>A patched object, or what is wrong with the patch.</summary>
internal sealed record PatchOutcome(JsonObject? Patched, string Problem)
{
    public static PatchOutcome Of(JsonObject patched) => new(patched, "");

    public static PatchOutcome Refused(string problem) => new(null, problem);
}
