using Observability.Model;

namespace Observability.Console;

/// <summary>How a gauge becomes one of <see cref="Shades"/> shades.</summary>
/// <param name="Expression">PromQL that gives one value per GPU.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Low">Value of the first shade.</param>
/// <param name="High">Value of the last shade.</param>
public sealed record HeatScale(string Expression, string Unit, double Low, double High)
{
    /// <summary>Shades of the map.</summary>
    public const int Shades = 8;

    /// <summary>
    /// The scale of a mode; null for <see cref="HeatMode.State"/>. The bounds are an H100's: idle near 30 °C, slowdown at
    /// 87 °C; 70 W idle, 700 W board limit.
    /// </summary>
    public static HeatScale? Of(HeatMode mode) => mode switch
    {
        HeatMode.Temperature => new HeatScale("DCGM_FI_DEV_GPU_TEMP", "°C", 30, 87),
        HeatMode.Utilisation => new HeatScale("DCGM_FI_DEV_GPU_UTIL", "%", 0, 100),
        HeatMode.Power => new HeatScale("DCGM_FI_DEV_POWER_USAGE", "W", 70, 700),
        _ => null,
    };

    /// <summary>The shade of a value, from 0 to <see cref="Shades"/> - 1.</summary>
    public int Shade(double value) =>
        (int)Math.Clamp((value - Low) / (High - Low) * Shades, 0, Shades - 1);

    /// <summary>The newest value of each GPU that a chart names; values that are not numbers and unknown devices are left out.</summary>
    public static IReadOnlyDictionary<EntityId, double> Values(ChartData data, Topology topology)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(topology);
        var values = new Dictionary<EntityId, double>();
        foreach (var line in data.Series)
        {
            if (line.Samples.Count > 0 && double.IsFinite(line.Samples[^1].Value) && topology.Locate(line.Labels) is { Kind: EntityKind.Gpu } gpu)
                values[gpu] = line.Samples[^1].Value;
        }

        return values;
    }
}
