namespace Observability.Console;

/// <summary>How finely a range is asked.</summary>
public static class ChartStep
{
    // About one point for each three pixels of the chart; more cannot be seen.
    private const int Points = 300;
    private static readonly TimeSpan Finest = TimeSpan.FromSeconds(5);

    /// <summary>A whole number of seconds that gives at most 300 points, at least 5 s.</summary>
    public static TimeSpan For(TimeSpan range)
    {
        var seconds = Math.Ceiling(range.TotalSeconds / Points);
        return seconds <= Finest.TotalSeconds ? Finest : TimeSpan.FromSeconds(seconds);
    }
}
