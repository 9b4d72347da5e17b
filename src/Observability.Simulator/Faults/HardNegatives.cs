namespace Observability.Simulator;

/// <summary>What looks alarming and is none: no device is at fault, nobody is to be paged for hardware.</summary>
internal sealed class HardNegatives(Fleet fleet)
{
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Flap = TimeSpan.FromSeconds(15);

    public bool Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.PowerCap: Cap(true); return true;
            case FaultKinds.HotAfternoon: Warm(fault, 1); return true;
            case FaultKinds.JobRestart: Job(fault).Stop(fleet.Now + Restart); return true;
            case FaultKinds.LongCheckpoint: Save(fault); return true;
            // Lengths of sequences differ by 3 to 6 %; the longest of many ranks is a good deal above the mean.
            case FaultKinds.SequenceImbalance: Job(fault).Imbalance = new RankImbalance(1.1, IsFixed: false, 0); return true;
            case FaultKinds.SlowStorage: Starve(true); return true;
            case FaultKinds.ExporterRestart: Exporter(fault).Add(FaultTargets.ExporterOf(fault.Entity)); return true;
            case FaultKinds.FlappingCounter: Misread(fault); return true;
            default: return false;
        }
    }

    public bool End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultKinds.PowerCap: Cap(false); return true;
            case FaultKinds.HotAfternoon: fleet.WarmAir = 0; return true;
            case FaultKinds.JobRestart: return true;
            case FaultKinds.LongCheckpoint: return true;
            case FaultKinds.SequenceImbalance: Job(fault).Imbalance = null; return true;
            case FaultKinds.SlowStorage: Starve(false); return true;
            case FaultKinds.ExporterRestart: Exporter(fault).Remove(FaultTargets.ExporterOf(fault.Entity)); return true;
            case FaultKinds.FlappingCounter: fleet.NicOf(fault.Entity)!.SymbolsReadZero = false; return true;
            default: return false;
        }
    }

    private void Cap(bool on)
    {
        foreach (var gpu in fleet.SimNodes.SelectMany(node => node.Gpus))
            gpu.Capped = on;
    }

    // Four degrees more, evenly: a few of the warmest memories cross their limit, none slows down.
    private void Warm(FaultSpec fault, int second)
    {
        if (!fleet.IsActive(fault))
            return;
        fleet.WarmAir = Math.Min(4, 8.0 * second / fault.Duration.TotalSeconds);
        fleet.Later(TimeSpan.FromSeconds(1), () => Warm(fault, second + 1));
    }

    private void Save(FaultSpec fault)
    {
        if (Job(fault) is { IsRunning: true } job)
            job.SavingUntil = fleet.Now + TimeSpan.FromSeconds(Math.Min(60, fault.Duration.TotalSeconds));
    }

    private void Starve(bool on)
    {
        foreach (var job in fleet.Jobs)
            job.DataSlow = on;
    }

    // The counter has counted something and is read wrongly: a rate over it sees thousands of errors that never were.
    private void Misread(FaultSpec fault)
    {
        var nic = fleet.NicOf(fault.Entity)!;
        if (nic.SymbolErrors < 40)
            nic.SymbolErrors = 40;
        Toggle(fault, nic);
    }

    private void Toggle(FaultSpec fault, Nic nic)
    {
        if (!fleet.IsActive(fault))
            return;
        nic.SymbolsReadZero = !nic.SymbolsReadZero;
        fleet.Later(Flap, () => Toggle(fault, nic));
    }

    private TrainingJob Job(FaultSpec fault) => fleet.Job(fault.Entity.Name)!;

    private HashSet<string> Exporter(FaultSpec fault) => fleet.Node(fault.Entity.Name.Split('/')[0])!.SilentExporters;
}
