using System.Text;

namespace Observability.Simulator;

/// <summary>
/// A transceiver: of an adapter, or of the switch port at the other end of its cable. Light: facts on published failures, section 9, -1.5 dBm with
/// a deviation of 0.6 between modules (A); limits: 400GBASE-DR4 receives at least -5.9 dBm a lane (IEEE 802.3bs, table 124-7), the alarm lies below that (A).
/// </summary>
/// <param name="seed">Of the fleet.</param>
/// <param name="key">Tells it from others.</param>
/// <param name="name">Name of its port.</param>
internal sealed class Optic(int seed, long key, string name)
{
    /// <summary>Lanes of a module.</summary>
    public const int Lanes = 4;

    /// <summary>Light received below which the module warns, dBm.</summary>
    public const double LowWarning = -5.9;

    /// <summary>Light received below which it raises an alarm, dBm.</summary>
    public const double LowAlarm = -8.4;

    private const long Stream = 211;

    /// <summary>Labels of each lane.</summary>
    public byte[][] LaneText { get; } = [.. Enumerable.Range(0, Lanes).Select(lane => Encoding.UTF8.GetBytes($"interface=\"{name}\",laser_index=\"{lane}\""))];

    /// <summary>Labels of the module.</summary>
    public byte[] ModuleText { get; } = Encoding.UTF8.GetBytes($"interface=\"{name}\"");

    /// <summary>Light that is lost on the way here, dB; the last lane loses all of it, the others three quarters.</summary>
    public Func<DateTimeOffset, double>? Loses { get; set; }

    /// <summary>Light that its own lasers no longer give, dB. The module drives them harder, so the bias climbs.</summary>
    public Func<DateTimeOffset, double>? Weakens { get; set; }

    /// <summary>True where nothing comes in: the other end is off.</summary>
    public Func<bool>? IsDark { get; init; }

    /// <summary>dBm; a receiver without light reads its floor.</summary>
    public double Received(int lane, Fleet fleet) => IsDark?.Invoke() == true ? -30 : -1.5 + (0.6 * Own(lane, 1)) - (Share(lane) * At(Loses, fleet)) + (0.05 * Now(lane, fleet, 2));

    /// <summary>dBm.</summary>
    public double Sent(int lane, Fleet fleet) => 0.5 + (0.4 * Own(lane, 3)) - (Share(lane) * At(Weakens, fleet)) + (0.03 * Now(lane, fleet, 4));

    /// <summary>mA.</summary>
    public double Bias(int lane, Fleet fleet) => 72 + (2 * Own(lane, 5)) + (3.5 * Share(lane) * At(Weakens, fleet)) + (0.05 * Now(lane, fleet, 6));

    /// <summary>°C.</summary>
    public double Temperature(Fleet fleet) => 52 + (2.5 * Own(0, 7)) + fleet.WarmAir + (0.3 * Now(0, fleet, 8));

    private static double Share(int lane) => lane == Lanes - 1 ? 1 : 0.75;

    private static double At(Func<DateTimeOffset, double>? what, Fleet fleet) => what?.Invoke(fleet.Now) ?? 0;

    // A half of the spread is the module's, the rest its lanes': lanes of one module are alike.
    private double Own(int lane, int what) => (0.87 * Noise.Normal(seed, key, what, Stream)) + (0.5 * Noise.Normal(seed, key, (what * 16) + lane, Stream + 1));

    private double Now(int lane, Fleet fleet, int what) => Noise.Normal(seed, key, (what * 16) + lane, Stream + 2 + (fleet.Now.ToUnixTimeSeconds() / 10));
}
