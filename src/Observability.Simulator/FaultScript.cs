using Observability.Model;

namespace Observability.Simulator;

/// <summary>A seeded timeline of faults with every kind in it, and what happens beside them that calls for nothing.</summary>
public static class FaultScript
{
    /// <summary>The kinds of the script: those that rules, ranking and runbooks know. <see cref="FaultKinds.All"/> has more.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        FaultClass.GpuOffBus, FaultClass.DataLoaderStall, FaultClass.ThermalThrottle, FaultClass.LeafFlap, FaultClass.MonitorSilent,
        FaultClass.SlowNic, FaultClass.UserCodeHang, FaultClass.RowRemapPending, FaultClass.EccUncontained, FaultClass.JobKilled,
        FaultClass.PcieWidthLoss, FaultClass.Maintenance,
    ];

    /// <summary>Time before the first fault: detectors need a baseline.</summary>
    public static TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(180);

    /// <summary>Time between the beginnings of two faults.</summary>
    public static TimeSpan Spacing { get; } = TimeSpan.FromSeconds(240);

    /// <summary>How long the script runs, with time for the last fault to be healed.</summary>
    public static TimeSpan Length(int faults) => WarmUp + (Spacing * faults) + TimeSpan.FromSeconds(420);

    /// <summary>Schedules a script on a fleet.</summary>
    /// <returns>The faults in the order they begin.</returns>
    public static IReadOnlyList<FaultSpec> Schedule(Fleet fleet, int faults)
    {
        ArgumentNullException.ThrowIfNull(fleet);
        var random = new Random(fleet.Options.Seed);
        var order = Kinds.OrderBy(_ => random.Next()).ToArray();
        var script = new List<FaultSpec>();
        for (var i = 0; i < faults; i++)
        {
            var at = fleet.Now + WarmUp + (Spacing * i) + TimeSpan.FromSeconds(random.Next(0, 20));
            script.Add(Pick(fleet, random, order[i % order.Length], i, at));
        }

        foreach (var fault in script.Concat(Seen(fleet, TimeSpan.FromSeconds(210))))
            fleet.Inject(fault);
        return script;
    }

    // What goes wrong with how the fleet is seen, one of each while the first faults happen; only where the fleet is asked to tell of it.
    private static FaultSpec[] Seen(Fleet fleet, TimeSpan lasts)
    {
        var random = new Random(fleet.Options.Seed + 1);
        return [.. FleetPreset.OfCollection(fleet.Options.Telemetry).Index().Select(one => new FaultSpec(
            $"seen-{one.Index + 1}-{one.Item.Kind}", one.Item.Kind, FaultPlaces.Pick(fleet, one.Item.Kind, random), fleet.Now + WarmUp + (Spacing * one.Index) - TimeSpan.FromSeconds(30), lasts))];
    }

    // Jobs take turns, so that one fault's after-effects have passed before the next one meets the same job.
    private static FaultSpec Pick(Fleet fleet, Random random, string kind, int number, DateTimeOffset at) => new(
        $"{number + 1:00}-{kind}", kind, FaultPlaces.Pick(fleet.Jobs[number % fleet.Jobs.Count], kind, random), at, TimeSpan.FromSeconds(210));
}
