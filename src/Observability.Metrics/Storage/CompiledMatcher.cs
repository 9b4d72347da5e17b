using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>A matcher ready to run; remembers its verdict per value, because one value recurs on thousands of series.</summary>
internal sealed class CompiledMatcher
{
    private readonly bool _isEqual;
    private readonly string _value;
    private readonly string? _prefix;
    private readonly Regex? _pattern;
    private readonly Dictionary<string, bool> _verdicts = new(StringComparer.Ordinal);
    private readonly string[]? _alternatives;

    public CompiledMatcher(LabelMatcher matcher)
    {
        Name = matcher.Name;
        _value = matcher.Value;
        _isEqual = matcher.IsEqual;
        if (matcher.IsRegex)
        {
            _alternatives = LabelPattern.Alternatives(matcher.Value);
            if (_alternatives is null)
                _prefix = PrefixOf(matcher.Value);
            if (_alternatives is null && _prefix is null)
                _pattern = LabelPattern.Compile(matcher.Value);
        }
        else
        {
            _alternatives = [matcher.Value];
        }

        MatchesEmpty = Matches("");
    }

    public string Name { get; }

    /// <summary>True where a series without the label is selected too.</summary>
    public bool MatchesEmpty { get; }

    /// <summary>The only values that can match; null where they cannot be listed.</summary>
    public string[]? Literals => _isEqual ? _alternatives : null;

    public bool Matches(string value) => MatchesPositive(value) == _isEqual;

    private bool MatchesPositive(string value)
    {
        if (_alternatives is not null)
            return Array.IndexOf(_alternatives, value) >= 0;
        if (_prefix is not null)
            return value.StartsWith(_prefix, StringComparison.Ordinal) && (_value[^1] == '*' || value.Length > _prefix.Length);
        if (_verdicts.TryGetValue(value, out var known))
            return known;
        var matches = _pattern!.IsMatch(value);
        _verdicts.Add(value, matches);
        return matches;
    }

    // node.* and node.+ need no automaton.
    private static string? PrefixOf(string pattern)
    {
        if (!pattern.EndsWith(".*", StringComparison.Ordinal) && !pattern.EndsWith(".+", StringComparison.Ordinal))
            return null;
        var prefix = pattern[..^2];
        return LabelPattern.Alternatives(prefix) is { Length: 1 } ? prefix : null;
    }
}
