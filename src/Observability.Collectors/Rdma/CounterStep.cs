namespace Observability.Collectors;

/// <summary>What a counter gained between two reads.</summary>
internal static class CounterStep
{
    /// <summary>
    /// The gain; null where either value is unknown. A counter that went down began anew (driver reload, device reset, an administrator's
    /// clear, a reboot), so that its value is the gain. Counters of 32 bits stop at their end and do not wrap: that value is unknown already.
    /// </summary>
    public static double? Of(double? before, double? now) => before is { } old && now is { } value ? value >= old ? value - old : value : null;
}
