namespace Observability.Simulator;

/// <summary>What a GPU's sensors say now: baselines and deviations of H100s in training, from facts on real fleets.</summary>
internal static class GpuGauges
{
    public static bool Stalled(Gpu gpu) => gpu.Job is { BlockedSince: not null };

    public static bool Busy(Gpu gpu) => gpu.Job is { IsRunning: true };

    public static double Power(Gpu gpu, Fleet fleet) =>
        Stalled(gpu) ? 310 + N(gpu, fleet, 1, 6)
        : Busy(gpu) ? (600 / gpu.Job!.SlowFactor * (gpu.Throttled ? 0.9 : 1)) + N(gpu, fleet, 1, 20)
        : 70 + N(gpu, fleet, 1, 2);

    public static double Temperature(Gpu gpu, Fleet fleet) =>
        gpu.Throttled ? 88 + Math.Abs(N(gpu, fleet, 2, 1))
        : gpu.Hot ? 84.5 + N(gpu, fleet, 2, 0.4)
        : (Busy(gpu) ? 60 : Stalled(gpu) ? 48 : 34) + Own(gpu, fleet, 4) + Diurnal(fleet) + N(gpu, fleet, 2, 0.8);

    public static double MemoryTemperature(Gpu gpu, Fleet fleet) =>
        gpu.Throttled ? 97 + Math.Abs(N(gpu, fleet, 3, 1)) : Temperature(gpu, fleet) + 10 + N(gpu, fleet, 3, 1);

    public static double SmClock(Gpu gpu, Fleet fleet) =>
        !Busy(gpu) && !Stalled(gpu) ? 345 : gpu.Throttled ? 1_215 + N(gpu, fleet, 4, 15) : 1_620 + Own(gpu, fleet, 15) + N(gpu, fleet, 4, 12);

    public static double Tensor(Gpu gpu, Fleet fleet) =>
        Busy(gpu) ? Math.Max(0.02, (0.42 / gpu.Job!.SlowFactor) + N(gpu, fleet, 5, 0.006)) : Stalled(gpu) ? 0.003 : 0;

    public static double Utilisation(Gpu gpu) => Busy(gpu) ? 99 : Stalled(gpu) ? 100 : 0;

    private static double N(Gpu gpu, Fleet fleet, int metric, double deviation) => deviation * Noise.Normal(
        fleet.Options.Seed, (gpu.Node.Index * 16) + gpu.Index, metric, fleet.Now.ToUnixTimeSeconds() / 5);

    private static double Own(Gpu gpu, Fleet fleet, double deviation) =>
        deviation * 0.5 * Noise.Normal(fleet.Options.Seed, (gpu.Node.Index * 16) + gpu.Index, 99, 0);

    private static double Diurnal(Fleet fleet) => 2 * Math.Cos((fleet.Now.TimeOfDay.TotalHours - 14) / 24 * 2 * Math.PI);
}
