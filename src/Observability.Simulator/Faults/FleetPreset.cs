using Observability.Model;

namespace Observability.Simulator;

/// <summary>
/// A published fleet to be like: how often something ends a job, by what, and what comes beside that. Every number has its source and how
/// sure it is (<see cref="FaultRate.Source"/>); facts on published failures, sections 2 to 5 and 9.
/// </summary>
/// <param name="Name">What <c>--fleet-preset</c> calls it.</param>
/// <param name="JobKillingPerGpuHour">Failures per GPU-hour that end a job.</param>
/// <param name="Source">Where that number comes from.</param>
/// <param name="Rates">What comes how often.</param>
public sealed record FleetPreset(string Name, double JobKillingPerGpuHour, string Source, IReadOnlyList<FaultRate> Rates)
{
    /// <summary>Share of the nodes that fail far more often than the others (Sc: RSC, 40 nodes).</summary>
    public double LemonShare { get; init; } = 0.013;

    /// <summary>How much more often they fail (A).</summary>
    public double LemonFactor { get; init; } = 20;

    /// <summary>Shape of the Weibull distribution of gaps; below 1 faults come in clusters (A: CV 2.76, half the gaps under ten minutes is S).</summary>
    public double GapShape { get; init; } = 0.7;

    /// <summary>Share of hardware faults that hit 2 to 32 nodes of one place together (A).</summary>
    public double BurstShare { get; init; } = 0.05;

    /// <summary>Share of the failures of a job's own that come within ten minutes of its start (S: Aegis).</summary>
    public double InfantShare { get; init; } = 0.73;

    /// <summary>The presets by name.</summary>
    public static IReadOnlyList<FleetPreset> All { get; } =
    [
        Of("llama3", 1.97e-5, "Vc: Llama 3 405B, 419 in 54 days on 16,384 H100, arXiv 2407.21783", CauseMix.Llama3, "V: Llama 3"),
        Of("rsc1", 3.39e-5, "Sc: Meta RSC-1, 6.50 per 1,000 node-days, arXiv 2410.21680", CauseMix.Blend, "A: half Llama 3, half FT-HSDP"),
        Of("nebius", 5.9e-6, "Sc: Nebius, 56.6 h between failures of 3,000 GPUs", CauseMix.Blend, "A: half Llama 3, half FT-HSDP"),
    ];

    /// <summary>The preset with a name; null where there is none.</summary>
    public static FleetPreset? Find(string name) => All.FirstOrDefault(preset => preset.Name == name);

    /// <summary>What goes wrong with how a fleet is seen, where it tells enough for that to show: a tenth of the telemetry faults each.</summary>
    public static IEnumerable<FaultRate> OfCollection(FleetTelemetry told)
    {
        if (told.HasFlag(FleetTelemetry.Clocks))
            yield return new FaultRate(FaultKinds.ClockSkew, EntityKind.Node, 1e-5, "A: a tenth of 1e-4 telemetry faults per target-hour");
        if (!told.HasFlag(FleetTelemetry.Delays))
            yield break;
        yield return new FaultRate(FaultKinds.LateSamples, EntityKind.Monitor, 1e-5, "A: as clock_skew");
        yield return new FaultRate(FaultKinds.LateLogs, EntityKind.Node, 1e-5, "A: as clock_skew");
    }

    private static FleetPreset Of(string name, double rate, string source, IReadOnlyDictionary<string, double> mix, string mixSource) => new(
        name, rate, source,
        [.. mix.Keys.Select(kind => new FaultRate(kind, EntityKind.Gpu, rate * CauseMix.Share(mix, kind), $"{mixSource}, share of {name}'s rate")), .. Beside]);

    // What slows a job, only warns, is planned, or only looks like a fault. The same for every fleet, since no fleet publishes its own.
    private static IReadOnlyList<FaultRate> Beside =>
    [
        new(FaultClass.PcieWidthLoss, EntityKind.Gpu, 5e-7, "A"),
        new(FaultClass.RowRemapPending, EntityKind.Gpu, 1e-6, "A: remaps that end no process"),
        new(FaultKinds.EccCreep, EntityKind.Node, 0.0319 / 730, "Sc: SuperBench, 3.19 % of nodes carry 1 to 10 remaps; within a month is A"),
        new(FaultClass.SlowNic, EntityKind.Nic, 3e-7, "A"),
        new(FaultKinds.OpticsDegradation, EntityKind.Nic, 1e-6, "A"),
        new(FaultKinds.LinkFlap, EntityKind.Nic, 2e-6, "A"),
        new(FaultKinds.GrayLoss, EntityKind.Nic, 1e-7, "A"),
        new(FaultClass.LeafFlap, EntityKind.Switch, 7e-7, "Vc: HPN"),
        new(FaultKinds.Congestion, EntityKind.Job, 6.8e-4, "Vc: FALCON, 0.5 per large job-month"),
        new(FaultKinds.CpuContention, EntityKind.Job, 7.5e-3, "Vc: FALCON, 4 of 392 jobs of 80 minutes"),
        new(FaultClass.Straggler, EntityKind.Job, 0.0177, "Sc: 42.5 % of jobs; one a day per job is A"),
        new(FaultClass.DataLoaderStall, EntityKind.Gpu, 8e-7, "Vc: ByteRobust, 4.1 % of incidents"),
        new(FaultKinds.OutOfMemory, EntityKind.Gpu, 2e-6, "Vc: ByteRobust, 10.1 % of incidents, at 1.97e-5"),
        new(FaultClass.JobKilled, EntityKind.Gpu, 3.4e-6, "Vc: ByteRobust, 17.3 % manual restarts, at 1.97e-5"),
        new(FaultClass.MonitorSilent, EntityKind.Monitor, 1e-5, "A"),
        new(FaultClass.Maintenance, EntityKind.Node, 1.77e-5, "Vc: Llama 3, 47 planned stops in 54 days on 2,048 nodes"),
        new(FaultKinds.ExporterRestart, EntityKind.Monitor, 1e-4, "A"),
        new(FaultKinds.FlappingCounter, EntityKind.Nic, 1e-6, "A"),
        new(FaultKinds.SequenceImbalance, EntityKind.Cluster, 1 / 24.0, "A: one change of data a day"),
        new(FaultKinds.HotAfternoon, EntityKind.Cluster, 1 / 24.0, "A: daily"),
        new(FaultKinds.Deploy, EntityKind.Cluster, 0.9 / 24, "A: one code push a day, of which nine in ten are well"),
        new(FaultKinds.DriverUpdate, EntityKind.Node, 1 / 2_200.0, "A: one a quarter"),
        new(FaultKinds.BadDriver, EntityKind.Node, 1 / 220_000.0, "A: one of them in a hundred"),
        new(FaultKinds.BadDeploy, EntityKind.Cluster, 0.1 / 24, "A: the tenth"),
        new(FaultKinds.JobRestart, EntityKind.Cluster, 0.2 / 24, "A: a resize in five days"),
        new(FaultKinds.LongCheckpoint, EntityKind.Job, 1 / 24.0, "A"),
        new(FaultKinds.SlowStorage, EntityKind.Cluster, 0.5 / 24, "A"),
        new(FaultKinds.PowerCap, EntityKind.Cluster, 0.1 / 24, "A"),
    ];
}
