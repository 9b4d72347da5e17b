namespace Observability.Simulator;

/// <summary>Noise that depends only on its seed and what it is for, so that a value need not be stored to be repeated.</summary>
internal static class Noise
{
    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(long seed, long a, long b, long c) => (Mix(seed, a, b, c) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Farthest that <see cref="Normal"/> strays: a healthy sensor has a bound, so that no healthy GPU ever crosses a limit.</summary>
    public const double Bound = 2 * 1.732;

    /// <summary>About normal, mean 0, deviation 1, within <see cref="Bound"/>: the sum of twelve uniforms would be dearer and no better here.</summary>
    public static double Normal(long seed, long a, long b, long c) =>
        (Uniform(seed, a, b, c) + Uniform(seed, a, b, c + 7_919) + Uniform(seed, a, b, c + 15_838) + Uniform(seed, a, b, c + 23_757) - 2) * 1.732;

    /// <summary>A number for a name, the same in every process (FNV-1a).</summary>
    public static long KeyOf(string name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in name)
            hash = unchecked((hash ^ c) * 1_099_511_628_211UL);
        return unchecked((long)hash);
    }

    // SplitMix64 over the parts.
    private static ulong Mix(long seed, long a, long b, long c)
    {
        var state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL) ^ unchecked((ulong)a * 0xBF58476D1CE4E5B9UL)
            ^ unchecked((ulong)b * 0x94D049BB133111EBUL) ^ unchecked((ulong)c * 0xD6E8FEB86659FD93UL);
        state = unchecked((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL);
        state = unchecked((state ^ (state >> 27)) * 0x94D049BB133111EBUL);
        return state ^ (state >> 31);
    }
}
