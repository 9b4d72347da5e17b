using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// A stream of alerts in which several incidents happen at once, wave after wave, on one fleet, among background noise; of each alert it
/// is known which fault it comes from. What a storm is made of follows facts/failures.md §8: a job that halts or waits shows it on every
/// GPU and rank, 60 % of the alerts come within half a minute, the rest in a tail of minutes; 5 % are sent twice.
/// </summary>
public sealed class SyntheticStorm
{
    // The last alert of a wave ends after 21 minutes at most, and an incident may wait another 12 for late symptoms: it is over before the next wave.
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(45);
    private static readonly TimeSpan Lasts = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan NoiseLasts = TimeSpan.FromMinutes(3);
    private const double SpreadSeconds = 180;
    private const double SentTwice = 0.05;

    private static readonly string[] Kinds =
    [
        FaultClass.GpuOffBus, FaultClass.UserCodeHang, FaultClass.LeafFlap, FaultClass.EccUncontained, FaultClass.NodeDown, FaultClass.ThermalThrottle,
        FaultClass.GspTimeout, FaultClass.UserCodeError, FaultClass.SlowNic, FaultClass.NvlinkError, FaultClass.DataLoaderStall, FaultClass.PcieWidthLoss,
    ];

    private readonly List<StormAlert> _alerts = [];
    private readonly List<StormFault> _faults = [];

    private SyntheticStorm(TopologyView view, int nodes) => (View, Nodes) = (view, nodes);

    /// <summary>The fleet.</summary>
    public TopologyView View { get; }

    /// <summary>Nodes of the fleet.</summary>
    public int Nodes { get; }

    /// <summary>The alerts in the order of their arrival.</summary>
    public IReadOnlyList<StormAlert> Alerts => _alerts;

    /// <summary>The faults by number.</summary>
    public IReadOnlyList<StormFault> Faults => _faults;

    /// <summary>Makes a storm; the same options give the same one.</summary>
    public static SyntheticStorm Make(SyntheticStormOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var random = new Random(options.Seed);
        var fleet = FleetOf(options.Unknown, random);
        var storm = new SyntheticStorm(fleet.View, fleet.Nodes);
        for (var wave = 0; storm._alerts.Count < options.Alerts; wave++)
            storm.AddWave(fleet, (options, random), wave);
        storm._alerts.Sort((a, b) => (a.At, a.Alert.Fingerprint).CompareTo((b.At, b.Alert.Fingerprint)));
        return storm;
    }

    // A job whose nodes lie side by side, as a scheduler that knows the network places it; scattered ones share every switch with all others.
    private static SyntheticFleet FleetOf(double unknown, Random random)
    {
        var shape = new FleetShape(256, 32, 8);
        var fleet = new SyntheticFleet(shape, random, unknown);
        while (fleet.Jobs.Any(job => job.Nodes[^1] - job.Nodes[0] != job.Nodes.Count - 1))
            fleet = new SyntheticFleet(shape, random, unknown);
        return fleet;
    }

    private void AddWave(SyntheticFleet fleet, (SyntheticStormOptions Options, Random Random) how, int wave)
    {
        var (options, random) = how;
        var begins = Period.TotalSeconds * wave;
        var jobs = Enumerable.Range(0, fleet.Jobs.Count).ToArray();
        random.Shuffle(jobs);
        for (var number = 0; number < options.Concurrent && _alerts.Count < options.Alerts; number++)
        {
            var job = number > 0 && random.NextDouble() < options.SameJob ? jobs[0] : jobs[number % jobs.Length];
            AddFault(new StoryWriter(fleet, random) { Fault = _faults.Count, At = begins + (random.NextDouble() * SpreadSeconds) }, job);
        }

        var noise = new StoryWriter(fleet, random);
        for (var left = Draw(options.NoisePerMinute * Period.TotalMinutes, random); left > 0; left--)
            BackgroundNoise.One(noise, random.Next(fleet.Nodes), random.Next(SyntheticFleet.Gpus), begins + (random.NextDouble() * Period.TotalSeconds));
        Take(noise, NoiseLasts);
    }

    private void AddFault(StoryWriter writer, int job)
    {
        var (random, nodes) = (writer.Random, writer.Fleet.Jobs[job].Nodes);
        var kind = Kinds[_faults.Count % Kinds.Length];
        var place = new FaultPlace(writer.Fleet.Jobs[job].Name, nodes, nodes[random.Next(nodes.Count)], random.Next(SyntheticFleet.Gpus));
        var cause = FaultSigns.Tell(writer, kind, place);
        StormSigns.OfWaitingJob(writer, job);
        _faults.Add(new StormFault(kind, cause, job));
        Take(writer, Lasts);
    }

    private void Take(StoryWriter writer, TimeSpan lasts)
    {
        foreach (var one in writer.Alerts)
        {
            var ends = one.ArrivesAt + lasts;
            _alerts.Add(new StormAlert(one.Alert, one.Fault, one.ArrivesAt) { EndsAt = ends });
            if (writer.Chance(SentTwice))
                _alerts.Add(new StormAlert(one.Alert, one.Fault, one.ArrivesAt.AddSeconds(writer.Random.NextDouble() * 60)) { EndsAt = ends, IsRepeat = true });
        }
    }

    // The whole part for certain, the rest by chance.
    private static int Draw(double expected, Random random) => (int)expected + (random.NextDouble() < expected - Math.Floor(expected) ? 1 : 0);
}
