using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Observability.Model;

namespace Observability.Metrics;

/// <summary>RE2 patterns on .NET: fully anchored, <c>.</c> matches a newline, linear time.</summary>
internal static class LabelPattern
{
    private const int CacheLimit = 4096;

    private static readonly ConcurrentDictionary<string, Regex> s_cache = new(StringComparer.Ordinal);

    public static Regex Compile(string pattern)
    {
        if (s_cache.TryGetValue(pattern, out var known))
            return known;
        var compiled = new Regex($"\\A(?:{Re2Pattern.ToDotNet(pattern)})\\z",
            RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
        if (s_cache.Count >= CacheLimit)
            s_cache.Clear();
        s_cache.TryAdd(pattern, compiled);
        return compiled;
    }
}
