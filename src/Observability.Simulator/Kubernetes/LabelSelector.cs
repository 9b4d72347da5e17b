using System.Text.Json.Nodes;

namespace Observability.Simulator;

/// <summary>A label selector, from a query (<c>app=trainer,tier in (a,b),!legacy</c>) or from an object's matchLabels and matchExpressions.</summary>
internal sealed class LabelSelector
{
    private enum Operation
    {
        In,
        NotIn,
        Exists,
        Absent,
    }

    private sealed record Requirement(string Key, Operation Operation, IReadOnlyList<string> Values);

    private readonly IReadOnlyList<Requirement> _requirements;

    private LabelSelector(IReadOnlyList<Requirement> requirements) => _requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    /// <summary>Reads a query's selector; null when it is malformed.</summary>
    public static LabelSelector? Parse(string text)
    {
        var requirements = new List<Requirement>();
        foreach (var clause in Clauses(text))
        {
            if (Clause(clause) is not { } requirement || requirement.Key.Length == 0)
                return null;
            requirements.Add(requirement);
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Reads a policy's selector: an empty one matches everything; null (no selector) matches nothing.</summary>
    public static LabelSelector? Of(JsonNode? selector)
    {
        if (selector is not JsonObject value)
            return null;
        var requirements = new List<Requirement>();
        foreach (var (key, wanted) in value["matchLabels"] as JsonObject ?? [])
            requirements.Add(new Requirement(key, Operation.In, [JsonFields.Scalar(wanted)]));
        foreach (var expression in value.Objects("matchExpressions"))
        {
            var values = (expression["values"] as JsonArray ?? []).Select(JsonFields.Scalar).ToArray();
            requirements.Add(new Requirement(expression.Text("key"), expression.Text("operator") switch
            {
                "In" => Operation.In,
                "NotIn" => Operation.NotIn,
                "Exists" => Operation.Exists,
                _ => Operation.Absent,
            }, values));
        }

        return new LabelSelector(requirements);
    }

    public bool Matches(JsonObject value)
    {
        var labels = value.At("metadata", "labels") as JsonObject;
        return _requirements.All(requirement => Holds(requirement, labels));
    }

    // A key that is absent satisfies != and notin, as in the real server.
    private static bool Holds(Requirement requirement, JsonObject? labels)
    {
        var present = labels is not null && labels.ContainsKey(requirement.Key);
        return requirement.Operation switch
        {
            Operation.Exists => present,
            Operation.Absent => !present,
            Operation.In => present && requirement.Values.Contains(JsonFields.Scalar(labels![requirement.Key])),
            _ => !present || !requirement.Values.Contains(JsonFields.Scalar(labels![requirement.Key])),
        };
    }

    private static List<string> Clauses(string text)
    {
        var clauses = new List<string>();
        var (start, depth) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                clauses.Add(text[start..i].Trim());
                start = i + 1;
            }
            else if (text[i] is '(' or ')')
            {
                depth += text[i] == '(' ? 1 : -1;
            }
        }

        return text.Trim().Length == 0 ? [] : clauses;
    }

    private static Requirement? Clause(string clause)
    {
        if (clause.StartsWith('!'))
            return new Requirement(clause[1..].Trim(), Operation.Absent, []);
        if (clause.IndexOf('(') is > 0 and var open)
            return Set(clause, open);
        if (clause.Split("!=", 2) is [var notKey, var notValue])
            return new Requirement(notKey.Trim(), Operation.NotIn, [notValue.Trim()]);
        if (clause.Split('=', 2) is [var key, var value])
            return new Requirement(key.Trim(), Operation.In, [value.TrimStart('=').Trim()]);
        return clause.Any(char.IsWhiteSpace) ? null : new Requirement(clause, Operation.Exists, []);
    }

    private static Requirement? Set(string clause, int open)
    {
        var words = clause[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!clause.EndsWith(')') || words.Length != 2 || words[1] is not ("in" or "notin"))
            return null;
        var values = clause[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        return new Requirement(words[0], words[1] == "in" ? Operation.In : Operation.NotIn, values);
    }
}
