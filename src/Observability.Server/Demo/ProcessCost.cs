namespace Observability.Server;

/// <summary>What a run cost. Fleet and platform share the process; the parts' shares are given apart.</summary>
/// <param name="WallSeconds">Real seconds.</param>
/// <param name="CpuSeconds">CPU seconds of the process.</param>
/// <param name="PeakMemoryBytes">Largest working set.</param>
/// <param name="PlatformSeconds">Wall seconds inside the platform's own steps, per step.</param>
/// <param name="Samples">Samples ingested.</param>
public sealed record ProcessCost(
    double WallSeconds, double CpuSeconds, long PeakMemoryBytes, IReadOnlyDictionary<string, double> PlatformSeconds, long Samples);
