namespace Observability.Simulator;

/// <summary>
/// What is put in place and works or does not: new code of a job, which is announced, and another driver of a node, which is not and shows in the
/// labels of its metrics. Either way the job starts anew, and what is wrong shows once it makes steps.
/// </summary>
internal sealed class ChangeFaults(Fleet fleet, JobFaults jobs)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.BadDeploy: Deploy(fault, () => Break(fault)); return true;
            case FaultKinds.Deploy: Deploy(fault, () => { }); return true;
            case FaultKinds.BadDriver: Update(fault, () => LoseAll(Node(fault))); return true;
            case FaultKinds.DriverUpdate: Update(fault, () => { }); return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.BadDeploy: (Job(fault).Hung, Job(fault).CodeSlow) = (false, 1); return true;
            case FaultKinds.BadDriver: TakeBack(Node(fault)); return true;
            case FaultKinds.Deploy or FaultKinds.DriverUpdate: return true;
            default: return false;
        }
    }

    private void Deploy(FaultSpec fault, Action then)
    {
        var job = Job(fault);
        fleet.Announce("deploy", job.Id, $"image {job.Generation}.0 to {job.Generation + 1}.0");
        Restart(fault, [job], then);
    }

    // No process may hold the driver while it is replaced.
    private void Update(FaultSpec fault, Action then)
    {
        var node = Node(fault);
        node.SwitchDriver();
        Restart(fault, [.. node.Gpus.Select(gpu => gpu.Job).OfType<TrainingJob>().Distinct()], then);
    }

    private void Restart(FaultSpec fault, TrainingJob[] restarted, Action then)
    {
        var before = restarted.Select(job => job.Generation).ToArray();
        foreach (var job in restarted)
            job.Stop(fleet.Now + fleet.Options.RestartDelay);
        fleet.Later(Second, () => Watch(fault, (restarted, before), then));
    }

    private void Watch(FaultSpec fault, (TrainingJob[] Jobs, int[] Before) restarted, Action then)
    {
        if (!fleet.IsActive(fault))
            return;
        if (restarted.Jobs.Zip(restarted.Before).All(one => one.First.IsRunning && one.First.Generation > one.Second))
            then();
        else
            fleet.Later(Second, () => Watch(fault, restarted, then));
    }

    // A third each: it waits for itself, it fails in its first steps, or every step takes longer.
    private void Break(FaultSpec fault)
    {
        var chance = Chance(fault, 1);
        if (chance < 1.0 / 3)
            Job(fault).Hung = true;
        else if (chance < 2.0 / 3)
            jobs.Raise(fault);
        else
            Job(fault).CodeSlow = 1.3 + Chance(fault, 2);
    }

    // All GPUs of the node within seconds, as soon as they are used: one GPU would be that GPU.
    private void LoseAll(SimNode node)
    {
        foreach (var gpu in node.Gpus)
            fleet.Later(Second * (gpu.Index / 2), () => KernelLines.GspTimeout(fleet, gpu));
    }

    private void TakeBack(SimNode node)
    {
        node.SwitchDriver();
        node.Boot(fleet.Now);
    }

    private double Chance(FaultSpec fault, int what) => Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), what, 53);

    private TrainingJob Job(FaultSpec fault) => fleet.Job(fault.Entity.Name)!;

    private SimNode Node(FaultSpec fault) => fleet.Node(fault.Entity.Name)!;
}
