using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>A matcher ready to run; what an automaton decides it remembers per value, because one value recurs on thousands of series.</summary>
internal sealed class CompiledMatcher
{
    private readonly bool _isEqual;
    private readonly HashSet<string>? _literals;
    private readonly ValueGlob[] _globs = [];
    private readonly Regex? _pattern;
    private readonly string _prefix = "";
    private readonly Dictionary<string, bool> _verdicts = new(StringComparer.Ordinal);

    public CompiledMatcher(LabelMatcher matcher)
    {
        Name = matcher.Name;
        _isEqual = matcher.IsEqual;
        if (!matcher.IsRegex)
            _literals = new HashSet<string>(StringComparer.Ordinal) { matcher.Value };
        else if (PatternRewrite.Of(matcher.Value, out _prefix) is not { } globs)
            _pattern = LabelPattern.Compile(matcher.Value);
        else if (Array.TrueForAll(globs, glob => glob.IsLiteral))
            _literals = new HashSet<string>(globs.Select(glob => glob.Prefix), StringComparer.Ordinal);
        else
            _globs = globs;
        MatchesEmpty = Matches("");
    }

    public string Name { get; }

    /// <summary>True where a series without the label is selected too.</summary>
    public bool MatchesEmpty { get; }

    /// <summary>The only values that can match; null where they cannot be listed.</summary>
    public IReadOnlySet<string>? Literals => _isEqual ? _literals : null;

    /// <summary>What each match begins with, one of these; null where nothing is known.</summary>
    public IReadOnlyList<string>? Prefixes
    {
        get
        {
            if (!_isEqual)
                return null;
            if (_pattern is not null)
                return _prefix.Length > 0 ? [_prefix] : null;
            return _globs.Length > 0 && Array.TrueForAll(_globs, glob => glob.Prefix.Length > 0) ? [.. _globs.Select(glob => glob.Prefix)] : null;
        }
    }

    public bool Matches(string value) => MatchesPositive(value) == _isEqual;

    private bool MatchesPositive(string value)
    {
        if (_literals is not null)
            return _literals.Contains(value);
        if (_pattern is null)
            return Array.Exists(_globs, glob => glob.Matches(value));
        if (!value.StartsWith(_prefix, StringComparison.Ordinal))
            return false;
        if (_verdicts.TryGetValue(value, out var known))
            return known;
        var matches = _pattern.IsMatch(value);
        _verdicts.Add(value, matches);
        return matches;
    }
}
