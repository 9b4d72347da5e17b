using System.Globalization;

namespace Observability.Simulator;

/// <summary>Faults of adapters, links and switches, and how they spread. Signs and timing: facts on published failures, sections 5 and 6.</summary>
internal sealed class FabricFaults(Fleet fleet)
{
    // 4.096 µs × 2^18 × 7 retries: after that a queue pair gives up.
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(7.5);
    private const double LightLost = 8.5;
    private static readonly TimeSpan RemoteError = TimeSpan.FromSeconds(30);

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.NicDown: PortDown(fault); return true;
            case FaultKinds.LinkFlap: Flap(fault, 3 + (int)(Chance(fault, 1) * 8)); return true;
            case FaultKinds.OpticsDegradation: Fade(fault); return true;
            case FaultKinds.GrayLoss: Lose(fault, 1); return true;
            case FaultKinds.Congestion: Congest(fault); return true;
            case FaultKinds.LeafDown: LeafDown(fault); return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.NicDown or FaultKinds.LinkFlap: KernelLines.LinkUp(fleet, Nic(fault)); return true;
            case FaultKinds.OpticsDegradation: Restore(Nic(fault)); return true;
            case FaultKinds.GrayLoss: Lose(fault, -1); return true;
            case FaultKinds.Congestion: Relieve(fault); return true;
            case FaultKinds.LeafDown:
                foreach (var nic in Behind(fault))
                    KernelLines.LinkUp(fleet, nic);
                Power(fault, down: false);
                return true;
            default: return false;
        }
    }

    /// <summary>
    /// A GPU has half its lanes or all of them again. Its adapter cannot get rid of what arrives and pauses the switch, which pauses whoever
    /// sends there: pause frames make other ports look bad.
    /// </summary>
    public static void Pause(Gpu gpu, bool begins)
    {
        var sign = begins ? 1 : -1;
        gpu.PcieHalved = begins;
        var own = gpu.Node.Nics[gpu.Index];
        own.Rates.PausesSent += sign * 20_000;
        foreach (var peer in Peers(own, 6))
            peer.Rates.PausesReceived += sign * 800;
    }

    private void PortDown(FaultSpec fault)
    {
        var nic = Nic(fault);
        KernelLines.LinkDown(fleet, nic);
        WaitForIt(fault, nic);
    }

    // Peers retry for some seconds, then their queue pairs fail, and the framework says so.
    private void WaitForIt(FaultSpec fault, Nic nic)
    {
        var peers = Peers(nic, 8);
        fleet.Later(GiveUp, () =>
        {
            foreach (var peer in peers.Where(_ => fleet.IsActive(fault)))
                peer.AckTimeouts += 60;
        });
        fleet.Later(RemoteError, () =>
        {
            if (fleet.IsActive(fault) && nic.Node.Gpus[nic.Index].Job is { IsRunning: false, RestartsAt: null } job)
                WriteRemoteError(job, nic);
        });
    }

    private static void WriteRemoteError(TrainingJob job, Nic nic)
    {
        var speaker = job.Ranks.Find(gpu => gpu.Node != nic.Node) ?? job.Ranks[0];
        job.Log.Write(string.Create(CultureInfo.InvariantCulture,
            $"{speaker.Node.Name}:{5_700 + speaker.Index}:{5_900 + speaker.Index} [{speaker.Index}] transport/net_ib.cc:1296 NCCL WARN NET/IB : Got completion from peer 10.{nic.Index}.{nic.Node.Index / 250}.{(nic.Node.Index % 250) + 1}<33092> with error 12, opcode 0, len 0, vendor err 129 (Recv)"));
    }

    // Down for 1 to 3 s, up for 5 to 30 s: shorter than retries last, so the job waits and goes on.
    private void Flap(FaultSpec fault, int cyclesLeft)
    {
        if (cyclesLeft == 0 || !fleet.IsActive(fault))
            return;
        var nic = Nic(fault);
        KernelLines.LinkDown(fleet, nic);
        foreach (var peer in Peers(nic, 8))
            peer.AckTimeouts += 5 + Math.Floor(Chance(fault, cyclesLeft + 100) * 45);
        var down = 1 + (int)(Chance(fault, cyclesLeft + 200) * 3);
        fleet.Later(TimeSpan.FromSeconds(down), () => KernelLines.LinkUp(fleet, nic));
        fleet.Later(TimeSpan.FromSeconds(down + 5 + (int)(Chance(fault, cyclesLeft + 300) * 26)), () => Flap(fault, cyclesLeft - 1));
    }

    // Light fades: corrected bits first, damaged symbols in the second half, one flap near the end.
    private void Fade(FaultSpec fault)
    {
        var nic = Nic(fault);
        nic.Rates.CorrectedBits += 4_000_000;
        Dim(fault, nic);
        fleet.Later(fault.Duration * 0.45, () =>
        {
            if (!fleet.IsActive(fault))
                return;
            nic.Rates.SymbolErrors += 3;
            nic.Rates.SequenceErrors += 2;
            nic.Lossy = true;
            nic.Node.Log.Write(fleet.Now, 4, $"mlx5_core {nic.Pci}: Port module event[error]: module {nic.Index}, Cable error, High Temperature");
        });
        fleet.Later(fault.Duration * 0.9, () =>
        {
            if (!fleet.IsActive(fault))
                return;
            KernelLines.LinkDown(fleet, nic);
            fleet.Later(TimeSpan.FromSeconds(2), () => KernelLines.LinkUp(fleet, nic));
        });
    }

    // The laser at the other end dies: the adapter receives less and less, in real fleets 0.1 to 0.5 dB a day, here all of it within the fault.
    // At 45 % of the time the light is below what the optic is specified for, at 90 % near its alarm.
    private static void Dim(FaultSpec fault, Nic nic)
    {
        double Lost(DateTimeOffset now) => LightLost * Math.Clamp((now - fault.At) / fault.Duration, 0, 1);
        nic.Optic.Loses = Lost;
        if (nic.Port is { } port)
            port.Optic.Weakens = Lost;
    }

    private void Restore(Nic nic)
    {
        nic.Rates.CorrectedBits -= 4_000_000;
        nic.Optic.Loses = null;
        if (nic.Port is { } port)
            port.Optic.Weakens = null;
        if (nic.Lossy)
            (nic.Rates.SymbolErrors, nic.Rates.SequenceErrors, nic.Lossy) = (nic.Rates.SymbolErrors - 3, nic.Rates.SequenceErrors - 2, false);
        KernelLines.LinkUp(fleet, nic);
    }

    // Which flows are hashed over the bad path is chance; the switch itself says nothing.
    private void Lose(FaultSpec fault, int sign)
    {
        foreach (var (nic, i) in Behind(fault).Select((nic, i) => (nic, i)).Where(one => Chance(fault, one.i + 400) < 0.4))
            nic.Rates.SequenceErrors += sign * (1 + (i % 4));
        foreach (var job in Jobs(fault))
            job.FabricSlow = sign > 0 ? 1.05 + (0.25 * Chance(fault, 1)) : 1;
    }

    // The rate falls in steps, for all alike.
    private void Congest(FaultSpec fault)
    {
        foreach (var nic in Behind(fault))
            (nic.Rates.CongestionNotices, nic.Rates.PausesReceived) = (nic.Rates.CongestionNotices + 3_000, nic.Rates.PausesReceived + 200);
        var worst = 1.15 + (0.65 * Chance(fault, 1));
        for (var third = 0; third < 3; third++)
        {
            var slow = 1 + ((worst - 1) * (third + 1) / 3);
            fleet.Later(fault.Duration * (third / 3.0), () =>
            {
                foreach (var job in Jobs(fault).Where(_ => fleet.IsActive(fault)))
                    job.FabricSlow = slow;
            });
        }
    }

    private void Relieve(FaultSpec fault)
    {
        foreach (var nic in Behind(fault))
            (nic.Rates.CongestionNotices, nic.Rates.PausesReceived) = (nic.Rates.CongestionNotices - 3_000, nic.Rates.PausesReceived - 200);
        foreach (var job in Jobs(fault))
            job.FabricSlow = 1;
    }

    private void LeafDown(FaultSpec fault)
    {
        var nics = Behind(fault);
        Power(fault, down: true);
        foreach (var nic in nics)
            KernelLines.LinkDown(fleet, nic);
        foreach (var one in nics.Where(nic => nic.Node.Gpus[nic.Index].Job is not null).DistinctBy(nic => nic.Node.Gpus[nic.Index].Job))
            WaitForIt(fault, one);
    }

    private void Power(FaultSpec fault, bool down)
    {
        if (fleet.Switch(fault.Entity.Name) is { } found)
            found.Down = down;
    }

    /// <summary>Adapters that work with one: of the same job and rail, on other nodes.</summary>
    private static Nic[] Peers(Nic nic, int most) => nic.Node.Gpus[nic.Index].Job is { } job
        ? [.. job.Ranks.Where(gpu => gpu.Index == nic.Index && gpu.Node != nic.Node).Take(most).Select(gpu => gpu.Node.Nics[gpu.Index])]
        : [];

    private Nic[] Behind(FaultSpec fault) => [.. fleet.SimNodes.SelectMany(node => node.Nics).Where(nic => FaultTargets.IsBehind(nic, fault.Entity.Name))];

    // A job on a single node does not use the fabric.
    private IEnumerable<TrainingJob> Jobs(FaultSpec fault) => fleet.Jobs.Where(job => job.Ranks.Count > FleetOptions.GpusPerNode
        && job.Ranks.Exists(gpu => FaultTargets.IsBehind(gpu.Node.Nics[gpu.Index], fault.Entity.Name)));

    private double Chance(FaultSpec fault, int what) => Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), what, 37);

    private Nic Nic(FaultSpec fault) => fleet.NicOf(fault.Entity)!;
}
