using System.Text.RegularExpressions;

namespace Observability.Model;

/// <summary>One condition on a label; regular expressions are fully anchored, as in Prometheus and Alertmanager.</summary>
/// <param name="Name">Label name.</param>
/// <param name="Value">Text or pattern.</param>
/// <param name="IsRegex">True where <paramref name="Value"/> is a pattern.</param>
/// <param name="IsEqual">False for <c>!=</c> and <c>!~</c>.</param>
public sealed record LabelMatcher(string Name, string Value, bool IsRegex = false, bool IsEqual = true)
{
    private readonly Regex? _pattern = IsRegex
        ? new Regex($@"\A(?:{Re2Pattern.ToDotNet(Value)})\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline)
        : null;

    /// <summary>True where the label's value, empty if absent, satisfies the condition.</summary>
    public bool Matches(LabelSet labels)
    {
        var value = labels[Name];
        return (_pattern?.IsMatch(value) ?? value == Value) == IsEqual;
    }

    /// <summary>Equal by what it says; the compiled pattern is only its consequence.</summary>
    public bool Equals(LabelMatcher? other) =>
        other is not null && (Name, Value, IsRegex, IsEqual) == (other.Name, other.Value, other.IsRegex, other.IsEqual);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Value, IsRegex, IsEqual);

    /// <summary><c>name="value"</c>, with the operator that applies.</summary>
    public override string ToString() =>
        $"{Name}{(IsEqual ? IsRegex ? "=~" : "=" : IsRegex ? "!~" : "!=")}\"{Value}\"";
}
