namespace Observability.Incidents;

/// <summary>Which way a metric goes when things get worse.</summary>
internal static class MetricDirection
{
    private static readonly string[] WorseUp = ["latency", "duration", "time", "error", "fault", "fail", "throttle", "retries", "saturation", "delay"];
    private static readonly string[] WorseDown = ["availability", "success", "uptime", "apdex", "goodput"];

    /// <summary>1 where more is worse, -1 where less is; by the metric's name, and where that tells nothing by where the target has gone.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="deviation">How far the target is from its normal, with its sign.</param>
    public static int Of(string metric, double deviation)
    {
        if (WorseDown.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return -1;
        if (WorseUp.Any(word => metric.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return 1;
        return deviation < 0 ? -1 : 1;
    }
}
