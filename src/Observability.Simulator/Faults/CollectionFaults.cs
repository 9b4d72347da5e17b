namespace Observability.Simulator;

/// <summary>
/// What is wrong with how a fleet is seen and not with the fleet: clocks and delays. Facts on published failures, section 5, telemetry faults.
/// </summary>
internal sealed class CollectionFaults(Fleet fleet)
{
    // What NTP did not hold: from what can be seen at all to minutes, and a quartz that is 200 ppm off.
    private static readonly TimeSpan LeastOffset = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan MostOffset = TimeSpan.FromSeconds(240);
    private const double Drift = 2e-4;

    // Answers are late by 30 to 120 s (A, section 9): gathering takes as long.
    private static readonly TimeSpan LeastDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MostDelay = TimeSpan.FromSeconds(120);

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.ClockSkew: SetOff(fault); return true;
            case FaultKinds.LateSamples: Node(fault).Late[FaultTargets.ExporterOf(fault.Entity)] = new LateAnswer(Seconds(Between(fault, LeastDelay, MostDelay, 1))); return true;
            case FaultKinds.LateLogs: Node(fault).LogHeldSince = fleet.Now; return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.ClockSkew: Node(fault).Clock.Synchronise(); return true;
            case FaultKinds.LateSamples: Node(fault).Late.Remove(FaultTargets.ExporterOf(fault.Entity)); return true;
            case FaultKinds.LateLogs: Node(fault).LogHeldSince = null; return true;
            default: return false;
        }
    }

    private void SetOff(FaultSpec fault)
    {
        var sign = Chance(fault, 2) < 0.5 ? -1 : 1;
        Node(fault).Clock.SetOff(fleet.Now, sign * Between(fault, LeastOffset, MostOffset, 3), sign * Drift);
    }

    private TimeSpan Between(FaultSpec fault, TimeSpan least, TimeSpan most, int what) => least + ((most - least) * Chance(fault, what));

    private static TimeSpan Seconds(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));

    private double Chance(FaultSpec fault, int what) => Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), what, 41);

    private SimNode Node(FaultSpec fault) => fleet.Node(fault.Entity.Name.Split('/')[0])!;
}
