namespace Observability.Slos;

/// <summary>What one evaluation adds to a budget: good and total, in events, seconds or samples.</summary>
internal readonly record struct Measurement(double Good, double Total)
{
    /// <summary>Scrapes of two counters are never of one instant; more good than there was in total is no gain.</summary>
    public static Measurement Of(double good, double total) => new(Math.Clamp(good, 0, Math.Max(0, total)), Math.Max(0, total));
}
