namespace Observability.Benchmarks;

/// <summary>
/// The values of the compared series, the same for every contender and on every run: a quarter each are counters, small gauges,
/// constants and random numbers, as in a hard exporter. A series is known by its number, a sample by its tick.
/// </summary>
internal static class SampleMix
{
    /// <summary>Names of the four kinds, in the order of <c>series % 4</c>.</summary>
    public static readonly string[] Kinds = ["counter", "gauge", "constant", "random"];

    /// <summary>The value of a series at a tick.</summary>
    public static double Value(int series, int tick) => (series % 4) switch
    {
        0 => ((series % 97) * 1_000.0) + (tick * (series % 31 + 40.0)) + (int)(Mix(series, tick) % 40),
        1 => 40 + (series % 20) + (int)(Mix(series, tick) % 8),
        2 => series % 7 * 100,
        _ => Mix(series, tick) / (double)ulong.MaxValue,
    };

    /// <summary>Scrape jitter of a tick in milliseconds, within ±25.</summary>
    public static int Jitter(int series, int tick) => (int)(Mix(series / 1_000, tick + 7_919) % 51) - 25;

    // SplitMix64 of both numbers.
    private static ulong Mix(int series, int tick)
    {
        var z = ((ulong)(uint)series << 32 | (uint)tick) + 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
