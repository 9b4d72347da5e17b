using Observability.Model;

namespace Observability.Simulator;

/// <summary>
/// Faults as a preset says they come: in clusters, now and then in bursts over a rack's feed or a leaf, on lemon nodes more than on others,
/// and what is the job's own soon after its start.
/// </summary>
internal sealed class PresetArrivals(Fleet fleet, FleetPreset preset, Random random)
{
    private const long LemonStream = 73;
    private static readonly TimeSpan Infancy = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BurstLasts = TimeSpan.FromSeconds(30);

    /// <summary>What arrives, in no order and without names.</summary>
    public IEnumerable<FaultSpec> Draw(TimeSpan span, double factor)
    {
        var faults = Draw(preset.Rates, span, factor);
        var starts = faults.Where(EndsItsJob).Select(fault => (Job: fault.Entity.Name, At: fault.At + TimeSpan.FromSeconds(60))).ToArray();
        FaultSpec[] usual = [.. faults.Select(fault => Young(fault, starts, fleet.Now + span))];
        // Last, so that a fleet that tells more has the same faults as one that does not.
        return [.. usual, .. Draw(FleetPreset.OfCollection(fleet.Options.Telemetry), span, factor)];
    }

    private List<FaultSpec> Draw(IEnumerable<FaultRate> rates, TimeSpan span, double factor)
    {
        var faults = new List<FaultSpec>();
        foreach (var rate in rates)
        {
            var perHour = rate.PerHour * FaultArrivals.UnitsOf(fleet, rate.Unit) * factor;
            for (var hours = Gap(perHour); hours < span.TotalHours; hours += Gap(perHour))
                faults.AddRange(At(FaultKinds.Find(rate.Kind)!, fleet.Now + TimeSpan.FromHours(hours)));
        }

        return faults;
    }

    // Weibull with the mean that the rate asks for.
    private double Gap(double perHour)
    {
        var shape = preset.GapShape;
        return Math.Pow(-Math.Log(1 - random.NextDouble()), 1 / shape) / (perHour * Gamma(1 + (1 / shape)));
    }

    private IEnumerable<FaultSpec> At(FaultKind kind, DateTimeOffset at)
    {
        var place = Place(kind);
        var first = new FaultSpec("", kind.Name, FaultPlaces.Of(place, kind), at, DurationOf(kind));
        yield return first;
        if (!IsOfANode(kind) || random.NextDouble() >= preset.BurstShare)
            yield break;
        // What shares the feed or, of links, the leaf.
        var size = 1 << random.Next(1, 6);
        var near = fleet.SimNodes.Where(node => node != place.Node && node.Gpus[0].Job is not null && (kind.Hits == EntityKind.Nic ? node.Unit == place.Node.Unit : node.Pdu == place.Node.Pdu)).ToArray();
        foreach (var node in near.Take(size - 1))
        {
            var gpu = node.Gpus[place.Index];
            yield return first with { Entity = FaultPlaces.Of(gpu, kind), At = at + (BurstLasts * random.NextDouble()) };
        }
    }

    private Gpu Place(FaultKind kind)
    {
        var busy = fleet.Jobs.SelectMany(job => job.Ranks).ToArray();
        if (!IsOfANode(kind))
            return RankOfAnyJob();
        var lemons = busy.Where(gpu => IsLemon(gpu.Node)).ToArray();
        var weight = lemons.Length * preset.LemonFactor;
        return random.NextDouble() < weight / (weight + busy.Length - lemons.Length) ? lemons[random.Next(lemons.Length)] : busy[random.Next(busy.Length)];
    }

    private Gpu RankOfAnyJob()
    {
        var job = fleet.Jobs[random.Next(fleet.Jobs.Count)];
        return job.Ranks[random.Next(job.Ranks.Count)];
    }

    /// <summary>True for the nodes that fail more often than others; the fleet's seed decides which.</summary>
    public bool IsLemon(SimNode node) => Noise.Uniform(fleet.Options.Seed, node.Index, LemonStream, 0) < preset.LemonShare;

    private FaultSpec Young(FaultSpec fault, (string Job, DateTimeOffset At)[] starts, DateTimeOffset end)
    {
        if (fault.Kind != FaultClass.UserCodeError || random.NextDouble() >= preset.InfantShare)
            return fault;
        var own = starts.Where(start => start.Job == fault.Entity.Name).ToArray();
        var start = own.Length > 0 ? own[random.Next(own.Length)].At : fleet.Now;
        var at = start + (Infancy * random.NextDouble());
        return at < end ? fault with { At = at } : fault;
    }

    private TimeSpan DurationOf(FaultKind kind) => kind.Name switch
    {
        FaultKinds.ExporterRestart => Between(12, 25),
        FaultKinds.LongCheckpoint => Between(25, 60),
        _ when kind.IsNegative => Between(300, 1_200),
        // Some last longer than the ten minutes after which a framework gives up by itself.
        _ => random.NextDouble() < 0.25 ? Between(660, 1_200) : Between(120, 600),
    };

    private TimeSpan Between(int low, int high) => TimeSpan.FromSeconds(random.Next(low, high + 1));

    private static bool EndsItsJob(FaultSpec fault) => fault.Kind is FaultKinds.Deploy or FaultKinds.BadDeploy or FaultKinds.JobRestart or FaultClass.JobKilled or FaultClass.UserCodeHang;

    private static bool IsOfANode(FaultKind kind) => kind.IsHardware && kind.Hits is EntityKind.Gpu or EntityKind.Nic or EntityKind.Node;

    // Lanczos, for arguments from 1 on: seven digits are plenty for a mean.
    private static double Gamma(double x)
    {
        double[] series = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
        var sum = 1.000000000190015;
        for (var i = 0; i < series.Length; i++)
            sum += series[i] / (x + i + 1);
        return Math.Exp(((x + 0.5) * Math.Log(x + 5.5)) - (x + 5.5)) * 2.5066282746310005 * sum / x;
    }
}
