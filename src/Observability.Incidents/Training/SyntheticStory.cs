using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// One to three faults with the alerts they give rise to, among alerts that have nothing to do with them. A third of the
/// stories has a second fault within three minutes, half of those in the same job.
/// </summary>
internal sealed class SyntheticStory
{
    private const double SecondFault = 0.33;
    private const double ThirdFault = 0.08;
    private const double SameJob = 0.5;
    private const double WithoutRoles = 0.1;
    private const double ApartSeconds = 180;

    private SyntheticStory(StoryWriter writer) => Writer = writer;

    /// <summary>
    /// Kinds of faults in the order in which stories take turns. What the job does to itself comes more often than any one kind of hardware
    /// fault: hangs, failing code and changes of it are 27 % of published incidents and more (facts/failures.md §3, ByteRobust, EROICA).
    /// </summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [
        FaultClass.UserCodeHang, FaultClass.GpuOffBus, FaultClass.EccUncontained, FaultClass.UserCodeError, FaultClass.EccContained, FaultClass.RowRemapPending,
        FaultClass.Straggler, FaultClass.GspTimeout, FaultClass.NvlinkError, FaultClass.JobKilled, FaultClass.ThermalThrottle, FaultClass.PcieWidthLoss,
        FaultClass.UserCodeHang, FaultClass.SlowNic, FaultClass.LeafFlap, FaultClass.DataLoaderStall, FaultClass.NodeDown, FaultClass.UserCodeError,
        FaultClass.SlowNic, FaultClass.PowerBrake, FaultClass.MonitorSilent, FaultClass.Maintenance, FaultClass.UserCodeHang, FaultClass.JobKilled, FaultClass.Straggler, FaultClass.DataLoaderStall, FaultClass.SilentCorruption, FaultClass.StorageStall,
    ];

    /// <summary>What happened, by number.</summary>
    public IReadOnlyList<SyntheticFault> Faults { get; private set; } = [];

    /// <summary>Alerts by the time they arrive.</summary>
    public IEnumerable<SyntheticAlert> Alerts => Writer.Alerts.OrderBy(alert => alert.ArrivesAt).ThenBy(alert => alert.Alert.Fingerprint);

    private StoryWriter Writer { get; }

    public static SyntheticStory Tell(string kind, SyntheticFleet fleet, Random random)
    {
        var writer = new StoryWriter(fleet, random) { RulesHaveRoles = random.NextDouble() >= WithoutRoles };
        var story = new SyntheticStory(writer);
        var faults = new List<SyntheticFault> { Begin(writer, 0, kind, random.Next(fleet.Jobs.Count)) };
        if (writer.Chance(SecondFault))
            faults.Add(Begin(writer, 1, Kinds[random.Next(Kinds.Count)], JobOfNext(writer, faults[0].JobIndex)));
        if (writer.Chance(ThirdFault))
            faults.Add(Begin(writer, faults.Count, Kinds[random.Next(Kinds.Count)], JobOfNext(writer, faults[0].JobIndex)));
        story.Faults = faults;
        writer.Fault = -1;
        BackgroundNoise.Write(writer);
        return story;
    }

    private static int JobOfNext(StoryWriter writer, int first) => writer.Chance(SameJob) ? first : writer.Random.Next(writer.Fleet.Jobs.Count);

    private static SyntheticFault Begin(StoryWriter writer, int number, string kind, int job)
    {
        var nodes = writer.Fleet.Jobs[job].Nodes;
        writer.Fault = number;
        writer.At = number == 0 ? 0 : (writer.Random.NextDouble() * 2 * ApartSeconds) - ApartSeconds;
        var place = new FaultPlace(writer.Fleet.Jobs[job].Name, nodes, nodes[writer.Random.Next(nodes.Count)], writer.Random.Next(SyntheticFleet.Gpus));
        return new SyntheticFault(FaultSigns.Tell(writer, kind, place), kind, job);
    }
}
