namespace Observability.Simulator;

/// <summary>
/// What a GPU's sensors say now: baselines and deviations of H100s in training, from facts on published failures, section 9.
/// Healthy noise is bounded: without a fault no sensor reaches a limit that a rule knows (85 °C core, 95 °C memory).
/// </summary>
internal static class GpuGauges
{
    /// <summary>What the board may draw, watts.</summary>
    public const double PowerCap = 700;

    private const double LoweredCap = 520;

    // A GPU that holds a context and waits for data runs at its highest clock: only work brings it to its power limit (seen on an H200).
    private const double MaxSmClock = 1_980;

    private const int OwnTemperature = 99;

    public static bool Stalled(Gpu gpu) => gpu.Job is { BlockedSince: not null };

    public static bool Busy(Gpu gpu) => gpu.Job is { IsComputing: true };

    /// <summary>Its job is there and computes nothing: it writes a checkpoint, or its ranks find each other.</summary>
    public static bool Pausing(Gpu gpu) => !Stalled(gpu) && gpu.Job is { SavingUntil: not null } or { StartingUntil: not null };

    // Hung ranks spin: their power falls to about half, not to idle.
    public static double Power(Gpu gpu, Fleet fleet) => Math.Min(
        gpu.Braked ? 330 + N(gpu, fleet, 1, 5) : gpu.Capped ? LoweredCap + N(gpu, fleet, 1, 4) : PowerCap,
        Stalled(gpu) ? 310 + N(gpu, fleet, 1, 6)
        : Pausing(gpu) ? 120 + N(gpu, fleet, 1, 4)
        : Busy(gpu) ? (600 / gpu.Job!.SlowFactor * (gpu.Throttled ? 0.9 : 1)) + N(gpu, fleet, 1, 20)
        : 70 + N(gpu, fleet, 1, 2));

    public static double Temperature(Gpu gpu, Fleet fleet) =>
        gpu.Throttled ? 88 + Math.Abs(N(gpu, fleet, 2, 1))
        : (Busy(gpu) ? 62 : Stalled(gpu) ? 48 : Pausing(gpu) ? 45 : 34) + Place(gpu, fleet) + Diurnal(fleet) + fleet.WarmAir + N(gpu, fleet, 2, 0.5);

    public static double MemoryTemperature(Gpu gpu, Fleet fleet) =>
        gpu.Throttled ? 97 + Math.Abs(N(gpu, fleet, 3, 1)) : Temperature(gpu, fleet) + 12 + N(gpu, fleet, 3, 0.5);

    public static double SmClock(Gpu gpu, Fleet fleet) =>
        gpu.Throttled ? 1_215 + N(gpu, fleet, 4, 15)
        : gpu.Braked ? 810 + N(gpu, fleet, 4, 10)
        : gpu.Capped && Busy(gpu) ? 1_410 + N(gpu, fleet, 4, 20)
        : Pausing(gpu) ? MaxSmClock
        : Busy(gpu) || Stalled(gpu) ? 1_620 + Own(gpu, fleet, 15, 30) + N(gpu, fleet, 4, 12)
        : 345;

    public static double Tensor(Gpu gpu, Fleet fleet) =>
        Busy(gpu) ? Math.Max(0.02, (0.42 / gpu.Job!.SlowFactor) + N(gpu, fleet, 5, 0.006)) : Stalled(gpu) ? 0.003 : 0;

    public static double Utilisation(Gpu gpu) => Busy(gpu) ? 99 : Stalled(gpu) ? 100 : Pausing(gpu) ? 6 : 0;

    private static double N(Gpu gpu, Fleet fleet, int metric, double deviation) => deviation * Noise.Normal(
        fleet.Options.Seed, gpu.Number, metric, fleet.Now.ToUnixTimeSeconds() / 5);

    private static double Own(Gpu gpu, Fleet fleet, int what, double deviation) =>
        deviation * Noise.Normal(fleet.Options.Seed, gpu.Number, what, 0);

    // The four at the back breathe the air of the four in front of them.
    private static double Place(Gpu gpu, Fleet fleet) => (gpu.Index < 4 ? -3 : 3) + Own(gpu, fleet, OwnTemperature, 3);

    private static double Diurnal(Fleet fleet) => 2 * Math.Cos((fleet.Now.TimeOfDay.TotalHours - 14) / 24 * 2 * Math.PI);
}
