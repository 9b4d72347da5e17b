using System.Globalization;
using Observability.Model;

namespace Observability.Simulator;

/// <summary>What jobs do to themselves, and what storage does to them all. Signs: facts on published failures, sections 5 and 6.</summary>
internal sealed class JobFaults(Fleet fleet)
{
    private const int RanksThatSpeak = 32;
    private static readonly TimeSpan Requeue = TimeSpan.FromSeconds(150);

    // node_exporter's own --collector.filesystem.mount-timeout.
    private static readonly TimeSpan MountTimeout = TimeSpan.FromSeconds(5);

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.UserCodeError: Raise(fault); return true;
            case FaultClass.Straggler: Job(fault).Imbalance = Imbalance(fault); return true;
            case FaultClass.StorageStall: Stall(fault); return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.UserCodeError: return true;
            case FaultClass.Straggler: Job(fault).Imbalance = null; return true;
            case FaultClass.StorageStall: Resume(); return true;
            default: return false;
        }
    }

    /// <summary>The same illegal access on many GPUs within a second, or a traceback on many ranks: simultaneity says that it is the code.</summary>
    public void Raise(FaultSpec fault)
    {
        var job = Job(fault);
        var isGpu = Chance(fault, 1) < 0.6;
        var speaking = job.Ranks.Where(gpu => Noise.Uniform(fleet.Options.Seed, gpu.Number, fleet.Now.ToUnixTimeSeconds(), 43) < 0.7).ToArray();
        if (isGpu)
        {
            var (code, message) = Chance(fault, 2) < 0.5
                ? (13, "Graphics SM Warp Exception on (GPC 3, TPC 1, SM 0): Out Of Range Address")
                : (31, "Ch 00000008, intr 00000000. MMU Fault: ENGINE GRAPHICS GPC3 GPCCLIENT_T1_5 faulted @ 0x7f2c_5a400000. Fault is of type FAULT_PDE ACCESS_TYPE_VIRT_READ");
            foreach (var gpu in speaking)
                KernelLines.Xid(fleet, gpu, code, KernelLines.TrainerOf(gpu), message);
        }

        var exception = isGpu ? "RuntimeError: CUDA error: an illegal memory access was encountered" : "KeyError: 'position_ids'";
        foreach (var gpu in speaking.Take(RanksThatSpeak))
        {
            job.Log.Write(string.Create(CultureInfo.InvariantCulture, $"[rank{gpu.Rank}]: Traceback (most recent call last):"));
            job.Log.Write(string.Create(CultureInfo.InvariantCulture, $"[rank{gpu.Rank}]:   File \"/workspace/train.py\", line 187, in step"));
            job.Log.Write(string.Create(CultureInfo.InvariantCulture, $"[rank{gpu.Rank}]: {exception}"));
        }

        job.Stop(fleet.Now + Requeue);
    }

    // A stage with more layers than the others, or another rank in every step.
    private RankImbalance Imbalance(FaultSpec fault) => new(1.15 + (0.15 * Chance(fault, 1)), Chance(fault, 2) < 0.5, Chance(fault, 3));

    // All jobs stand in a save that does not end. Processes wait in the kernel.
    private void Stall(FaultSpec fault)
    {
        foreach (var job in fleet.Jobs.Where(job => job.IsRunning))
            job.SavingUntil = fault.At + fault.Duration;
        foreach (var node in fleet.SimNodes.Where(node => node.Gpus[0].Job is not null))
            node.Host.Blocked = 8;
        fleet.Later(MountTimeout, () =>
        {
            foreach (var node in fleet.SimNodes)
                node.Host.MountStuck = fleet.IsActive(fault);
        });
    }

    private void Resume()
    {
        foreach (var job in fleet.Jobs.Where(job => job.SavingUntil > fleet.Now))
            job.SavingUntil = fleet.Now;
        foreach (var node in fleet.SimNodes)
            (node.Host.Blocked, node.Host.MountStuck) = (0, false);
    }

    private double Chance(FaultSpec fault, int what) => Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), what, 47);

    private TrainingJob Job(FaultSpec fault) => fleet.Job(fault.Entity.Name)!;
}
