namespace Observability.Simulator;

/// <summary>Counters that only time moves.</summary>
internal static class Counters
{
    private const double NicBytesPerSecond = 24.5e9 / 8;

    public static void Advance(Fleet fleet, double seconds)
    {
        foreach (var node in fleet.SimNodes)
        {
            foreach (var gpu in node.Gpus)
            {
                gpu.EnergyMillijoules += GpuGauges.Power(gpu, fleet) * seconds * 1000;
                if (gpu.Throttled)
                    gpu.ThermalViolation += seconds * 4e8;
                if (gpu.PcieHalved)
                    gpu.PcieReplays += seconds * 3;
            }

            foreach (var nic in node.Nics)
                Advance(nic, node.Gpus[nic.Index], seconds);
        }
    }

    private static void Advance(Nic nic, Gpu gpu, double seconds)
    {
        if (gpu.Job is { IsRunning: true } job && !nic.Down)
            nic.SentBytes += NicBytesPerSecond / job.SlowFactor * seconds;
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
