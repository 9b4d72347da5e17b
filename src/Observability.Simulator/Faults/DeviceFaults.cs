using Observability.Model;

namespace Observability.Simulator;

/// <summary>Faults of GPUs and of what feeds them. Signs and timing: facts on published failures, sections 5 and 6.</summary>
internal sealed class DeviceFaults(Fleet fleet)
{
    // 16 to 42 % of NVLink faults reach another GPU of the node.
    private const double NvlinkSpreads = 0.3;

    // 5.6 % of the nodes with remapped rows are slow.
    private const double WearSlows = 0.056;

    // The gradient norm of a step with a wrong result, in usual ones: the rule of thumb for an alarm is five.
    private const double CorruptGradient = 8;

    // Share of jobs that compute a step again when they do not believe its result. Nobody publishes it; half is taken.
    private const double Replays = 0.5;

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.EccContained: Contained(Gpu(fault)); return true;
            case FaultKinds.EccCreep: (Gpu(fault).Worn, Gpu(fault).WornSlow) = (true, Chance(fault, 1) < WearSlows); return true;
            case FaultClass.GspTimeout: KernelLines.GspTimeout(fleet, Gpu(fault)); return true;
            case FaultClass.NvlinkError: Nvlink(fault); return true;
            case FaultClass.SilentCorruption: Corrupt(fault); return true;
            case FaultClass.PowerBrake: Brake(fault, true); return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.EccContained or FaultClass.NvlinkError: Gpu(fault).Reset(); return true;
            case FaultKinds.EccCreep: (Gpu(fault).Worn, Gpu(fault).WornSlow) = (false, false); return true;
            case FaultClass.GspTimeout: Gpu(fault).Node.Boot(fleet.Now); return true;
            case FaultClass.SilentCorruption: Calm(Gpu(fault)); return true;
            case FaultClass.PowerBrake: Brake(fault, false); return true;
            default: return false;
        }
    }

    // The owner of the memory dies, its rows wait for a reset, and the others wait for its rank.
    private void Contained(Gpu gpu)
    {
        (gpu.Dead, gpu.RemapPending) = (true, true);
        gpu.EccDouble++;
        gpu.RemappedRows++;
        KernelLines.Xid(fleet, gpu, 48, KernelLines.UnknownProcess, "An uncorrectable double bit error (DBE) has been detected on GPU in the framebuffer at partition 2, subpartition 1.");
        KernelLines.Xid(fleet, gpu, 94, KernelLines.TrainerOf(gpu), "Contained: LTC TAG (0x2, 0x1). RST: No, D-RST: No");
        KernelLines.Xid(fleet, gpu, 63, KernelLines.UnknownProcess, "Row Remapper: New row marked for remapping, reset gpu to activate.");
        fleet.Later(TimeSpan.FromSeconds(2), () => KernelLines.Cleanup(fleet, gpu));
    }

    private void Nvlink(FaultSpec fault)
    {
        var gpu = Gpu(fault);
        gpu.NvlinkBroken = true;
        var link = (int)(Chance(fault, 1) * 18);
        KernelLines.Xid(fleet, gpu, 74, KernelLines.TrainerOf(gpu), $"NVLink: fatal error detected on link {link}(0x10000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0)");
        if (Chance(fault, 2) >= NvlinkSpreads)
            return;
        var other = gpu.Node.Gpus[(gpu.Index + 1 + (int)(Chance(fault, 3) * 7)) % gpu.Node.Gpus.Count];
        (other.NvlinkReplays, other.NvlinkCrc) = (other.NvlinkReplays + 6, other.NvlinkCrc + 300);
    }

    // Nothing of the device speaks; the job's own numbers do, steps later.
    private void Corrupt(FaultSpec fault) => fleet.Later(
        fault.Duration * FaultKinds.Find(fault.Kind)!.FirstSymptomShare,
        () =>
        {
            if (!fleet.IsActive(fault) || Gpu(fault).Job is not { } job)
                return;
            job.GradientFactor = CorruptGradient;
            if (Chance(fault, 5) < Replays)
                Replay(Gpu(fault), job);
        });

    // The loss jumps, the step is computed again on the same GPU, and what comes out is another number. A jump is not fatal: the job goes on.
    private void Replay(Gpu gpu, TrainingJob job)
    {
        var (step, rank) = (job.Step, gpu.Rank);
        job.Log.Write($"Unexpected result 14.81 on rank {rank} at iteration #{step} invocation #1 (message='Spiky loss')");
        job.Log.Write("Need to rerun step to check reproducibility of initial result");
        fleet.Later(TimeSpan.FromSeconds(job.BaseStepSeconds), () =>
        {
            var who = $"Rank {rank}, node {gpu.Node.Name}, device {gpu.Index}, iteration #{step}:";
            job.Log.Write($"{who} First rerun: unexpected result is not reproducible within the tolerance (2.31 != 14.81)!");
            job.Log.Write($"{who} Possible transient error!!");
            job.Log.Write("Continuing normal execution because failed validation was not fatal");
        });
    }

    private static void Calm(Gpu gpu)
    {
        if (gpu.Job is { } job)
            job.GradientFactor = 1;
    }

    private void Brake(FaultSpec fault, bool on)
    {
        foreach (var gpu in fleet.Node(fault.Entity.Name)!.Gpus)
            gpu.Braked = on;
    }

    private double Chance(FaultSpec fault, int what) => Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), what, 31);

    private Gpu Gpu(FaultSpec fault) => fleet.GpuOf(fault.Entity)!;
}
