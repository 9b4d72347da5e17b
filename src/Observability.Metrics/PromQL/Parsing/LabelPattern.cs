using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Observability.Metrics;

/// <summary>
/// RE2 patterns on .NET: fully anchored, <c>.</c> matches a newline, linear time. RE2 and .NET differ in the spelling
/// of named groups only, as far as label patterns go.
/// </summary>
internal static class LabelPattern
{
    private const int CacheLimit = 4096;

    private static readonly ConcurrentDictionary<string, Regex> s_cache = new(StringComparer.Ordinal);

    public static string Translate(string pattern) => pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);

    public static Regex Compile(string pattern)
    {
        if (s_cache.TryGetValue(pattern, out var known))
            return known;
        var compiled = new Regex($"\\A(?:{Translate(pattern)})\\z",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
        if (s_cache.Count >= CacheLimit)
            s_cache.Clear();
        s_cache.TryAdd(pattern, compiled);
        return compiled;
    }

    /// <summary>The alternatives of <c>a|b|c</c>, where the pattern is nothing else; otherwise null.</summary>
    public static string[]? Alternatives(string pattern)
    {
        foreach (var c in pattern)
        {
            if (c is '.' or '*' or '+' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '^' or '$' or '\\')
                return null;
        }

        return pattern.Split('|');
    }
}
