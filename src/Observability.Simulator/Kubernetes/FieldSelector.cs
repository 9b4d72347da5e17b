using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>A field selector such as <c>spec.nodeName=node-003,status.phase!=Failed</c>.</summary>
internal sealed class FieldSelector
{
    private sealed record Requirement(string[] Path, bool Equal, string Value);

    private readonly IReadOnlyList<Requirement> _requirements;

    private FieldSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    /// <summary>Reads a selector; false with the message of the real server when it is malformed or names a field not selectable.</summary>
    public static bool TryParse(ResourceKind kind, string text, out FieldSelector selector, out string problem)
    {
        var requirements = new List<Requirement>();
        (selector, problem) = (new FieldSelector(requirements), "");
        foreach (var clause in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equal = !clause.Contains("!=", StringComparison.Ordinal);
            if (clause.Split(equal ? "=" : "!=", 2) is not [var field, var value])
            {
                problem = $"invalid selector: '{text}'; can't understand '{clause}'";
                return false;
            }

            if (field is not ("metadata.name" or "metadata.namespace") && !kind.FieldLabels.Contains(field))
            {
                problem = $"field label not supported: {field}";
                return false;
            }

            requirements.Add(new Requirement(field.Split('.'), equal, value.TrimStart('=')));
        }

        return true;
    }

    public bool Matches(JsonObject value) => _requirements.All(requirement => (Read(value, requirement.Path) == requirement.Value) == requirement.Equal);

    private static string Read(JsonObject value, string[] path) => path switch
    {
        // An absent flag reads false, an event's source is its component.
        ["spec", "unschedulable"] => value.Flag(path) ? "true" : "false",
        ["source"] => value.Text("source", "component"),
        _ => value.Text(path),
    };
}
