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
            if (node.Host.ExtraLoad > 0)
                node.Host.CpuWaiting += 0.6 * seconds;
            if (node.Host.Blocked > 0)
                node.Host.IoWaiting += 0.9 * seconds;
        }
    }

    private static void Advance(Gpu gpu, Fleet fleet, double seconds)
    {
        gpu.EnergyMillijoules += GpuGauges.Power(gpu, fleet) * seconds * 1000;
        if (gpu.Throttled)
            gpu.ThermalViolation += seconds * 4e8;
        if (gpu.PcieHalved)
            gpu.PcieReplays += seconds * 3;
        if (gpu.Worn)
            (gpu.EccSingle, gpu.CorrectableRows) = (gpu.EccSingle + (seconds * 0.3), gpu.CorrectableRows + (seconds / 90));
        if (gpu.NvlinkBroken)
            (gpu.NvlinkReplays, gpu.NvlinkCrc) = (gpu.NvlinkReplays + (seconds * 4), gpu.NvlinkCrc + (seconds * 500));
        if (gpu.Capped)
            gpu.PowerViolation += seconds * 3e8;
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
        var rates = nic.Rates;
        nic.AckTimeouts += rates.AckTimeouts * seconds;
        nic.SymbolErrors += rates.SymbolErrors * seconds;
        nic.SequenceErrors += rates.SequenceErrors * seconds;
        nic.PausesSent += rates.PausesSent * seconds;
        nic.PausesReceived += rates.PausesReceived * seconds;
        nic.CongestionNotices += rates.CongestionNotices * seconds;
        nic.CorrectedBits += rates.CorrectedBits * seconds;
    }
}
