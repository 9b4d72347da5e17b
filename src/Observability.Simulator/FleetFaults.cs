using Observability.Model;

namespace Observability.Simulator;

/// <summary>How each fault shows itself, and how it ends. Signatures and timing: facts on published failures, sections 5 and 6.</summary>
internal sealed class FleetFaults(Fleet fleet)
{
    private const string Unknown = KernelLines.UnknownProcess;

    // The leaf is down for one or two scrapes, longer than transport retries last, and up for about as long.
    private static readonly TimeSpan FlapDown = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan FlapPeriod = TimeSpan.FromSeconds(27);

    // Requeue instead of restart in place: the scheduler takes its time.
    private static readonly TimeSpan Requeue = TimeSpan.FromSeconds(150);

    private static readonly TimeSpan DrainBeforeMaintenance = TimeSpan.FromSeconds(20);

    private readonly FaultTargets _targets = new(fleet);
    private readonly DeviceFaults _devices = new(fleet);
    private readonly FabricFaults _fabric = new(fleet);
    private readonly HostFaults _hosts = new(fleet);
    private readonly JobFaults _jobs = new(fleet);
    private readonly ChangeFaults _changes = new(fleet, new JobFaults(fleet));
    private readonly HardNegatives _negatives = new(fleet);
    private readonly CollectionFaults _collection = new(fleet);

    /// <inheritdoc cref="FaultTargets.Refusal"/>
    public string? Refusal(FaultSpec fault) => _targets.Refusal(fault);

    /// <inheritdoc cref="FaultTargets.TruthOf"/>
    public GroundTruth TruthOf(FaultSpec fault) => _targets.TruthOf(fault);

    /// <summary>The fault begins.</summary>
    public void Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.GpuOffBus: OffBus(Gpu(fault)); break;
            case FaultClass.EccUncontained: Uncontained(Gpu(fault)); break;
            case FaultClass.RowRemapPending: RemapPending(Gpu(fault)); break;
            case FaultClass.ThermalThrottle: Gpu(fault).Throttled = true; break;
            case FaultClass.PcieWidthLoss: FabricFaults.Pause(Gpu(fault), begins: true); break;
            case FaultClass.SlowNic: SlowNic(fleet.NicOf(fault.Entity)!); break;
            case FaultClass.LeafFlap: Flap(fault, cyclesLeft: 4 + (int)(Noise.Uniform(fleet.Options.Seed, Noise.KeyOf(fault.Id), 0, 11) * 3)); break;
            case FaultClass.UserCodeHang: Job(fault).Hung = true; break;
            case FaultClass.DataLoaderStall: Job(fault).DataStalled = true; break;
            case FaultClass.JobKilled: Kill(Job(fault)); break;
            case FaultClass.MonitorSilent: Node(fault).SilentExporters.Add(FaultTargets.ExporterOf(fault.Entity)); break;
            case FaultClass.Maintenance: Maintain(fault); break;
            default: _ = _devices.Begin(fault) || _fabric.Begin(fault) || _hosts.Begin(fault) || _jobs.Begin(fault) || _changes.Begin(fault) || _negatives.Begin(fault) || _collection.Begin(fault); break;
        }
    }

    /// <summary>The fault ends: repaired, replaced or gone by itself. A lost or broken GPU comes back by a reset.</summary>
    public void End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.GpuOffBus or FaultClass.EccUncontained or FaultClass.RowRemapPending: Gpu(fault).Reset(); break;
            case FaultClass.ThermalThrottle: Gpu(fault).Throttled = false; break;
            case FaultClass.PcieWidthLoss: FabricFaults.Pause(Gpu(fault), begins: false); break;
            case FaultClass.SlowNic: fleet.NicOf(fault.Entity)!.Slow = false; break;
            case FaultClass.LeafFlap: LinksUp(_targets.NicsOn(fault.Entity.Name)); break;
            case FaultClass.UserCodeHang: Job(fault).Hung = false; break;
            case FaultClass.DataLoaderStall: Job(fault).DataStalled = false; break;
            case FaultClass.MonitorSilent: Node(fault).SilentExporters.Remove(FaultTargets.ExporterOf(fault.Entity)); break;
            case FaultClass.Maintenance: EndMaintenance(fault, Node(fault)); break;
            default: _ = _devices.End(fault) || _fabric.End(fault) || _hosts.End(fault) || _jobs.End(fault) || _changes.End(fault) || _negatives.End(fault) || _collection.End(fault); break;
        }
    }

    private void OffBus(Gpu gpu)
    {
        gpu.Lost = true;
        Xid(gpu, 79, Unknown, "GPU has fallen off the bus.");
    }

    private void Uncontained(Gpu gpu)
    {
        gpu.Dead = true;
        gpu.EccDouble += 3;
        Xid(gpu, 48, Unknown, "An uncorrectable double bit error (DBE) has been detected on GPU in the framebuffer at partition 4, subpartition 0.");
        for (var i = 0; i < 40; i++)
            Xid(gpu, 95, Unknown, "Uncontained: LTC TAG (0x2, 0x1). RST: Yes, D-RST: No");
        fleet.Later(TimeSpan.FromSeconds(2), () => Cleanup(gpu));
    }

    private void RemapPending(Gpu gpu)
    {
        gpu.RemapPending = true;
        gpu.RemappedRows++;
        Xid(gpu, 63, Unknown, "Row Remapper: New row marked for remapping, reset gpu to activate.");
    }

    // Its peers on the leaf wait for what it does not acknowledge in time.
    private void SlowNic(Nic nic)
    {
        nic.Slow = true;
        foreach (var peer in _targets.NicsOn(nic.Leaf).Where(other => other != nic).Take(4))
            peer.AckTimeouts += 5;
    }

    private void Flap(FaultSpec fault, int cyclesLeft)
    {
        if (cyclesLeft == 0 || !fleet.IsActive(fault))
            return;
        var nics = _targets.NicsOn(fault.Entity.Name);
        foreach (var nic in nics)
            KernelLines.LinkDown(fleet, nic);

        fleet.Later(FlapDown, () => LinksUp(nics));
        fleet.Later(FlapPeriod, () => Flap(fault, cyclesLeft - 1));
    }

    private void LinksUp(Nic[] nics)
    {
        foreach (var nic in nics)
            KernelLines.LinkUp(fleet, nic);
    }

    private void Kill(TrainingJob job)
    {
        job.Stop(fleet.Now + Requeue);
        foreach (var gpu in job.Ranks)
            Cleanup(gpu);
    }

    private void Maintain(FaultSpec fault)
    {
        var node = Node(fault);
        fleet.Announce("maintenance_start", fault.Entity, $"firmware update of {node.Name}");
        foreach (var job in fleet.Jobs.Where(job => job.Ranks.Exists(gpu => gpu.Node == node)).ToArray())
            fleet.Evict("training", ClusterView.PodName(job, node), fleet.Now);
        fleet.Later(DrainBeforeMaintenance, () => node.Down = fleet.IsActive(fault));
    }

    private void EndMaintenance(FaultSpec fault, SimNode node)
    {
        node.Down = false;
        node.Boot(fleet.Now);
        fleet.Announce("maintenance_end", fault.Entity, $"{node.Name} is back");
    }

    private void Cleanup(Gpu gpu) => KernelLines.Cleanup(fleet, gpu);

    private void Xid(Gpu gpu, int code, string process, string message) => KernelLines.Xid(fleet, gpu, code, process, message);

    private Gpu Gpu(FaultSpec fault) => fleet.GpuOf(fault.Entity)!;

    private TrainingJob Job(FaultSpec fault) => fleet.Job(fault.Entity.Name)!;

    private SimNode Node(FaultSpec fault) => _targets.NodeOf(fault.Entity)!;
}
