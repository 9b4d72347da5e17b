namespace Observability.Incidents;

/// <summary>
/// Parts a flow of alerts into incidents by when they began, where the graph cannot tell them apart because everything alerts. An incident's
/// new alerts come densely at first and ever more thinly (an exponential kernel, as in Hawkes 1971); where many more come than what is left of
/// the running one explains, another has begun, and what comes from there on is counted as its own.
/// </summary>
public static class GroupByOnset
{
    /// <summary>The number of its group for each alert, counted from 0 in order of time.</summary>
    /// <param name="times">When each alert fired, in any order.</param>
    /// <param name="options">What to go by; the defaults where null.</param>
    public static IReadOnlyList<int> Group(IReadOnlyList<DateTimeOffset> times, OnsetGroupingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(times);
        // Alerts of one instant come from one look at the metrics: they are one sign, however many series it found wrong.
        var starts = Onsets([.. times.Select(time => time.ToUnixTimeMilliseconds() / 1000.0).Distinct().Order()], options ?? new OnsetGroupingOptions());
        return [.. times.Select(time => Math.Max(0, At(starts, time.ToUnixTimeMilliseconds() / 1000.0) - 1))];
    }

    private static List<double> Onsets(double[] instants, OnsetGroupingOptions options)
    {
        var starts = new List<double>();
        var (window, fading) = (options.Window.TotalSeconds, options.Fading.TotalSeconds);
        // First instants of the running incident and of the window that ends now.
        var (first, from) = (0, 0);
        for (var now = 0; now < instants.Length; now++)
        {
            if (now == 0 || instants[now] - instants[now - 1] > options.Quiet.TotalSeconds)
            {
                starts.Add(instants[now]);
                (first, from) = (now, now);
                continue;
            }

            var since = instants[now] - window;
            while (instants[from] <= since)
                from++;
            var age = since - starts[^1];
            if (age <= window)
                continue;
            var expected = Math.Max(0.5, Expected(from - first, age, window, fading));
            if (now + 1 - from <= expected + (options.Surprise * Math.Sqrt(expected)) + options.FewestMore)
                continue;
            starts.Add(instants[from]);
            first = from;
        }

        return starts;
    }

    // So many have come up to that age; an exponential flow of the same amplitude gives this many within the window after it.
    private static double Expected(int seen, double age, double window, double fading) =>
        seen * Math.Exp(-age / fading) * (1 - Math.Exp(-window / fading)) / (1 - Math.Exp(-age / fading));

    // How many began at or before a time.
    private static int At(List<double> starts, double time)
    {
        var at = starts.BinarySearch(time);
        return at >= 0 ? at + 1 : ~at;
    }
}
