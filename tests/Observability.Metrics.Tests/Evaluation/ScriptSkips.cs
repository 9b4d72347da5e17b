using System.Text.RegularExpressions;

namespace Observability.Metrics.Tests;

/// <summary>Which cases the engine cannot run by design, and why; anything else must pass.</summary>
internal sealed partial class ScriptSkips
{
    public const string NativeHistogram = "native histogram";
    public const string CustomBuckets = "native histogram with custom buckets (load_with_nhcb)";
    public const string ExtendedSyntax = "flagged syntax: anchored, smoothed, fill, start_timestamp";

    private readonly HashSet<string> _native = [];
    private readonly HashSet<string> _customBuckets = [];

    public static IReadOnlySet<string> Allowed { get; } = new HashSet<string> { NativeHistogram, CustomBuckets, ExtendedSyntax };

    public void AddNative(string metric) => _native.Add(metric);

    public void AddCustomBuckets(string bucketMetric) => _customBuckets.Add(BucketSuffix.Replace(bucketMetric, ""));

    public void Clear()
    {
        _native.Clear();
        _customBuckets.Clear();
    }

    public string? ReasonFor(string query, List<string> block)
    {
        if (Extended.IsMatch(query))
            return ExtendedSyntax;
        var saysSo = block.Exists(line => line.Contains("does not keep", StringComparison.Ordinal));
        if (block.Exists(line => line.Contains("{{", StringComparison.Ordinal)) || (NativeOnly.IsMatch(query) && !saysSo) || Mentions(query, _native))
            return NativeHistogram;
        return Mentions(query, _customBuckets) ? CustomBuckets : null;
    }

    // A selector without a name may select one of them.
    private static bool Mentions(string query, HashSet<string> metrics) => metrics.Count > 0
        && (query.Contains("__name__", StringComparison.Ordinal) || Nameless.IsMatch(query)
            || metrics.Any(name => Regex.IsMatch(query, $@"(?<![\w:]){Regex.Escape(name)}(?![\w:])")));

    [GeneratedRegex("_bucket$")]
    private static partial Regex BucketSuffix { get; }

    [GeneratedRegex(@"(^|[\s(]){")]
    private static partial Regex Nameless { get; }

    [GeneratedRegex(@"\b(anchored|smoothed)\b|\b(fill|fill_left|fill_right|start_timestamp)\s*\(")]
    private static partial Regex Extended { get; }

    [GeneratedRegex(@"\bhistogram_(count|sum|avg|stddev|stdvar)\b|</|>/")]
    private static partial Regex NativeOnly { get; }
}
