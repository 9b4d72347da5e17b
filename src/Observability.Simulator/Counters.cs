namespace Observability.Simulator;

/// <summary>Counters that only time moves. They never go back, save where the driver is loaded again.</summary>
internal static class Counters
{
    // 19 GB per step of 6.2 s.
    private const double NicBytesPerSecond = 24.5e9 / 8;

    public static void Advance(Fleet fleet, double seconds)
    {
        foreach (var node in fleet.SimNodes)
        {
            if (node.Down)
                continue;
            foreach (var gpu in node.Gpus)
                Advance(gpu, fleet, seconds);
            foreach (var nic in node.Nics)
                Advance(nic, node.Gpus[nic.Index], seconds);
        }
    }

    private static void Advance(Gpu gpu, Fleet fleet, double seconds)
    {
        gpu.EnergyMillijoules += GpuGauges.Power(gpu, fleet) * seconds * 1000;
        if (gpu.Throttled)
            gpu.ThermalViolation += seconds * 4e8;
        if (gpu.PcieHalved)
            gpu.PcieReplays += seconds * 3;
    }

    private static void Advance(Nic nic, Gpu gpu, double seconds)
    {
        if (gpu.Job is { IsComputing: true } job && !nic.Down)
        {
            nic.SentBytes += NicBytesPerSecond / job.SlowFactor * seconds;
            // A GPU with half its lanes cannot take what arrives: its adapter waits, and others look bad for it.
            nic.TransmitWaitTicks += (gpu.PcieHalved || nic.Slow ? 5_000 : 20) * seconds;
        }

        if (nic.Slow)
        {
            nic.SymbolErrors += 40 * seconds;
            nic.ReceiveErrors += 18 * seconds;
            nic.SequenceErrors += 25 * seconds;
        }

        if (nic.Down)
            nic.AckTimeouts += 2 * seconds;
    }
}
