namespace Observability.Collectors;

/// <summary>
/// How far the clock of each node is off, as its node_exporter tells with every scrape: <c>node_time_seconds</c> is what the node's clock showed,
/// the time of the scrape is what ours did. What a node's kernel or journal writes can then be put where it belongs. A node that has not told for
/// a while is not corrected. One thread.
/// </summary>
public sealed class NodeClocks
{
    /// <summary>What a node says its clock shows, in seconds since 1970.</summary>
    public const string Metric = "node_time_seconds";

    private const int NodeLimit = 100_000;

    // A scrape takes a while, and nobody's order of events hangs on less.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (DateTimeOffset ReadAt, TimeSpan Offset)> _clocks = new(StringComparer.Ordinal);

    /// <summary>Takes what a node's clock showed when it was read.</summary>
    public void See(string node, DateTimeOffset readAt, double unixSeconds)
    {
        if (node.Length == 0 || OffsetOf(unixSeconds, readAt) is not { } offset)
            return;
        if (_clocks.Count < NodeLimit || _clocks.ContainsKey(node))
            _clocks[node] = (readAt, offset);
        else
            CollectorsMetrics.Refused("clock", "node_limit");
    }

    /// <summary>How far ahead a node's clock is, negative where it is behind; zero where that is within a second or not known.</summary>
    public TimeSpan OffsetOf(string node, DateTimeOffset now) =>
        _clocks.TryGetValue(node, out var clock) && now - clock.ReadAt <= ForgetAfter && clock.Offset.Duration() > Tolerance ? clock.Offset : TimeSpan.Zero;

    /// <summary>The time by our clock of what a node dated by its own.</summary>
    internal DateTimeOffset Right(string node, DateTimeOffset stated, DateTimeOffset now, string source)
    {
        var offset = OffsetOf(node, now);
        if (offset == TimeSpan.Zero)
            return stated;
        CollectorsMetrics.Corrected(source);
        return stated - offset;
    }

    /// <summary>A node's time less ours; null where it is no time at all.</summary>
    internal static TimeSpan? OffsetOf(double unixSeconds, DateTimeOffset at) => unixSeconds is > 0 and < 253_402_300_799
        ? TimeSpan.FromSeconds(unixSeconds - (at.ToUnixTimeMilliseconds() / 1_000.0))
        : null;
}
