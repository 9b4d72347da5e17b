using Observability.Model;

namespace Observability.Simulator;

/// <summary>
/// Faults that come by chance, at published rates times a factor: of the script's kinds one by one (Poisson), or as a <see cref="FleetPreset"/>
/// has them, with lemon nodes, bursts and infant mortality.
/// </summary>
public static class FaultArrivals
{
    private const long ArrivalStream = 71;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(600);

    /// <summary>Schedules what arrives on a fleet from now on for a while.</summary>
    /// <param name="fleet">The fleet; its seed decides.</param>
    /// <param name="span">How long to look ahead.</param>
    /// <param name="factor">How many times as often as published; 64 nodes at 100 see a fault about every 25 minutes.</param>
    /// <returns>The faults in the order they begin.</returns>
    public static IReadOnlyList<FaultSpec> Schedule(Fleet fleet, TimeSpan span, double factor)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        RefuseUnlessAboveZero(factor);
        var random = RandomOf(fleet);
        return Inject(fleet, FaultRate.Published.SelectMany(rate => Draw(fleet, rate, (span, factor), random)));
    }

    /// <summary>Schedules what arrives on a fleet like a published one, hard negatives among it.</summary>
    /// <param name="fleet">The fleet; its seed decides.</param>
    /// <param name="span">How long to look ahead.</param>
    /// <param name="preset">The fleet to be like.</param>
    /// <param name="factor">How many times as often as published.</param>
    /// <returns>Faults and what looks like them, in the order they begin.</returns>
    public static IReadOnlyList<FaultSpec> Schedule(Fleet fleet, TimeSpan span, FleetPreset preset, double factor)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        RefuseUnlessAboveZero(factor);
        return Inject(fleet, new PresetArrivals(fleet, preset, RandomOf(fleet)).Draw(span, factor).Select(fault => fault with { At = fleet.Now + Whole(fault.At - fleet.Now) }));
    }

    /// <summary>Faults per hour that are to be expected on a fleet.</summary>
    public static double ExpectedPerHour(Fleet fleet, double factor)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        return FaultRate.Published.Sum(rate => rate.PerHour * UnitsOf(fleet, rate.Unit)) * factor;
    }

    internal static double UnitsOf(Fleet fleet, EntityKind unit)
    {
        var nodes = fleet.SimNodes.Count;
        return unit switch
        {
            EntityKind.Gpu or EntityKind.Nic => nodes * FleetOptions.GpusPerNode,
            EntityKind.Switch => Math.Ceiling(nodes / (double)fleet.Options.NodesPerLeaf) * FleetOptions.GpusPerNode,
            EntityKind.Monitor => nodes * 2,
            EntityKind.Job => fleet.Jobs.Count,
            EntityKind.Cluster => 1,
            _ => nodes,
        };
    }

    private static void RefuseUnlessAboveZero(double factor)
    {
        if (factor <= 0 || !double.IsFinite(factor))
            throw new ArgumentOutOfRangeException(nameof(factor), factor, "factor: must be above zero");
    }

    // The stretch of time is part of the seed: hour after hour differs, and each is the same in every run.
    private static Random RandomOf(Fleet fleet) =>
        new(unchecked((int)(Noise.Uniform(fleet.Options.Seed, ArrivalStream, fleet.Now.ToUnixTimeSeconds(), 0) * int.MaxValue)));

    private static FaultSpec[] Inject(Fleet fleet, IEnumerable<FaultSpec> drawn)
    {
        var arrivals = drawn.OrderBy(fault => fault.At).ThenBy(fault => fault.Kind, StringComparer.Ordinal).ToArray();
        var named = arrivals.Select((fault, n) => fault with { Id = $"{fault.At:yyyyMMddHHmmss}-{n + 1:00}-{fault.Kind}" }).ToArray();
        foreach (var fault in named)
            fleet.Inject(fault);
        return named;
    }

    private static IEnumerable<FaultSpec> Draw(Fleet fleet, FaultRate rate, (TimeSpan Span, double Factor) ahead, Random random)
    {
        var perHour = rate.PerHour * UnitsOf(fleet, rate.Unit) * ahead.Factor;
        for (var hours = Gap(random, perHour); hours < ahead.Span.TotalHours; hours += Gap(random, perHour))
        {
            var duration = Shortest + ((Longest - Shortest) * random.NextDouble());
            yield return new FaultSpec("", rate.Kind, FaultPlaces.Pick(fleet, rate.Kind, random), fleet.Now + Whole(TimeSpan.FromHours(hours)), Whole(duration));
        }
    }

    private static double Gap(Random random, double perHour) => -Math.Log(1 - random.NextDouble()) / perHour;

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromSeconds(Math.Max(1, Math.Floor(time.TotalSeconds)));
}
