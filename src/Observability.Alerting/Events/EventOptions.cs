namespace Observability.Alerting;

/// <summary>Options of event alerts.</summary>
public sealed class EventOptions
{
    /// <summary>Events with the same key inside this time are one event.</summary>
    public TimeSpan DedupeWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Events of one code on one entity with gaps below this are one burst, and count once for <c>count</c> rules.
    /// 180 s follows NVSentinel's analyzer (facts/xid.md §8).
    /// </summary>
    public TimeSpan BurstGap { get; set; } = TimeSpan.FromSeconds(180);

    /// <summary>How often a firing alert is posted again.</summary>
    public TimeSpan ResendDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest time that an announced maintenance keeps its alert without its end being announced.</summary>
    public TimeSpan MaintenanceMaximum { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Most (entity, code) pairs remembered; a further one is refused and counted.</summary>
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>Most dedupe keys remembered.</summary>
    public int MaxDedupeKeys { get; set; } = 200_000;

    /// <summary>Which event ends which alert on the same entity.</summary>
    public IDictionary<string, string> EndedBy { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["mlx5:link_up"] = "mlx5:link_down",
        ["rdma:port_up"] = "rdma:port_down",
        ["rdma:rate_restored"] = "rdma:rate_dropped",
        ["rdma:width_restored"] = "rdma:width_dropped",
        ["rdma:device_back"] = "rdma:device_gone",
        ["change:maintenance_end"] = "change:maintenance_start",
    };
}
