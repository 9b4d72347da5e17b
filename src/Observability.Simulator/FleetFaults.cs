using Observability.Model;

namespace Observability.Simulator;

/// <summary>How each fault shows itself, and how it ends. Signatures and timing: facts on published failures, sections 5 and 6.</summary>
internal sealed class FleetFaults(Fleet fleet)
{
    /// <summary>What is true of a fault at the moment it begins.</summary>
    public GroundTruth TruthOf(FaultSpec fault)
    {
        var node = NodeOf(fault);
        var jobs = fault.Entity.Kind switch
        {
            EntityKind.Job => [fault.Entity.Name],
            EntityKind.Switch => fleet.Jobs.Where(job => job.Ranks.Exists(gpu => gpu.Node.Nics[gpu.Index].Leaf == fault.Entity.Name)).Select(job => job.Name).ToArray(),
            _ => node is null ? [] : node.Gpus.Where(gpu => gpu.Job is not null).Select(gpu => gpu.Job!.Name).Distinct().ToArray(),
        };
        var mayCordon = FaultClass.KindOf(fault.Kind) == VerdictKind.Hardware && node is not null;
        // Whoever names the node of a broken part sends the engineer to the right place too; the report counts that apart.
        EntityId[] entities = [fault.Entity];
        return new GroundTruth(fault, entities, mayCordon ? [node!.Name] : [], jobs);
    }

    /// <summary>The fault begins.</summary>
    public void Begin(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.GpuOffBus: OffBus(Gpu(fault)); break;
            case FaultClass.EccUncontained: Uncontained(Gpu(fault)); break;
            case FaultClass.RowRemapPending: RemapPending(Gpu(fault)); break;
            case FaultClass.ThermalThrottle: Gpu(fault).Throttled = true; break;
            case FaultClass.PcieWidthLoss: Gpu(fault).PcieHalved = true; break;
            case FaultClass.SlowNic: SlowNic(fault); break;
            case FaultClass.LeafFlap: Flap(fault, cycle: 0); break;
            case FaultClass.UserCodeHang: fleet.Job(fault.Entity.Name).Hung = true; break;
            case FaultClass.DataLoaderStall: fleet.Job(fault.Entity.Name).DataStalled = true; break;
            case FaultClass.JobKilled: Kill(fleet.Job(fault.Entity.Name)); break;
            case FaultClass.MonitorSilent: NodeOf(fault)!.ExporterSilent = true; break;
            case FaultClass.Maintenance: Maintain(NodeOf(fault)!); break;
            default: throw new ArgumentException($"fault {fault.Id}: kind '{fault.Kind}' cannot be injected");
        }
    }

    /// <summary>The fault ends: repaired, replaced or gone by itself.</summary>
    public void End(FaultSpec fault)
    {
        switch (fault.Kind)
        {
            case FaultClass.GpuOffBus: Gpu(fault).Lost = false; break;
            case FaultClass.EccUncontained: Gpu(fault).Dead = false; break;
            case FaultClass.RowRemapPending: Gpu(fault).RemapPending = false; break;
            case FaultClass.ThermalThrottle: Gpu(fault).Throttled = false; break;
            case FaultClass.PcieWidthLoss: Gpu(fault).PcieHalved = false; break;
            case FaultClass.SlowNic: NicOf(fault).Slow = false; break;
            case FaultClass.UserCodeHang: fleet.Job(fault.Entity.Name).Hung = false; break;
            case FaultClass.DataLoaderStall: fleet.Job(fault.Entity.Name).DataStalled = false; break;
            case FaultClass.MonitorSilent: NodeOf(fault)!.ExporterSilent = false; break;
            case FaultClass.Maintenance: EndMaintenance(NodeOf(fault)!); break;
        }
    }

    private void OffBus(Gpu gpu)
    {
        gpu.Lost = true;
        Xid(gpu, 79, "GPU has fallen off the bus.");
    }

    private void Uncontained(Gpu gpu)
    {
        gpu.Dead = true;
        gpu.EccDouble += 3;
        Xid(gpu, 48, "An uncorrectable double bit error (DBE) has been detected on GPU in the framebuffer at partition 4, subpartition 0.");
        for (var i = 0; i < 40; i++)
            Xid(gpu, 95, "Uncontained: LTC TAG (0x2, 0x1). RST: Yes, D-RST: No");
        fleet.Later(TimeSpan.FromSeconds(2), () => Xid(gpu, 45, "Ch 00000008"));
    }

    private void RemapPending(Gpu gpu)
    {
        gpu.RemapPending = true;
        gpu.RemappedRows++;
        Xid(gpu, 63, "Row Remapper: New row marked for remapping, reset gpu to activate.");
    }

    private void SlowNic(FaultSpec fault)
    {
        var nic = NicOf(fault);
        nic.Slow = true;
        foreach (var peer in fleet.SimNodes.SelectMany(node => node.Nics).Where(other => other.Leaf == nic.Leaf && other != nic).Take(4))
            peer.AckTimeouts += 2;
    }

    // Down for up to three scrapes, up for up to half a minute, four to six times.
    private void Flap(FaultSpec fault, int cycle)
    {
        var cycles = 4 + (int)(Noise.Uniform(fleet.Options.Seed, fault.Entity.Name.Length, cycle, 11) * 3);
        if (cycle >= cycles)
            return;
        var nics = fleet.SimNodes.SelectMany(node => node.Nics).Where(nic => nic.Leaf == fault.Entity.Name).ToArray();
        foreach (var nic in nics)
        {
            nic.Down = true;
            nic.LinkDowned++;
            nic.Node.Log.Write(fleet.Now, 4, $"mlx5_core 0000:{0x20 + (nic.Index * 0x10):x2}:00.0: {nic.Device}: Link down");
        }

        fleet.Later(TimeSpan.FromSeconds(12), () =>
        {
            foreach (var nic in nics)
            {
                nic.Down = false;
                nic.Node.Log.Write(fleet.Now, 6, $"mlx5_core 0000:{0x20 + (nic.Index * 0x10):x2}:00.0: {nic.Device}: Link up");
            }
        });
        fleet.Later(TimeSpan.FromSeconds(27), () => Flap(fault, cycle + 1));
    }

    private void Kill(TrainingJob job)
    {
        job.RestartsAt = fleet.Now + TimeSpan.FromSeconds(150);
        foreach (var gpu in job.Ranks)
            Xid(gpu, 45, "Ch 00000008");
    }

    private void Maintain(SimNode node)
    {
        fleet.Announce("maintenance_start", node.Name, $"firmware update of {node.Name}");
        foreach (var job in fleet.Jobs.Where(job => job.Ranks.Exists(gpu => gpu.Node == node)).ToArray())
            fleet.Evict("training", $"{job.Name}-{node.Name}", fleet.Now);
        fleet.Later(TimeSpan.FromSeconds(20), () => node.Down = true);
    }

    private void EndMaintenance(SimNode node)
    {
        node.Down = false;
        node.Reboot(fleet.Now, 1);
        fleet.Announce("maintenance_end", node.Name, $"{node.Name} is back");
    }

    private void Xid(Gpu gpu, int code, string message)
    {
        gpu.LastXid = code;
        gpu.Node.Log.Write(fleet.Now, 3, $"NVRM: Xid (PCI:{gpu.Pci}): {code}, pid='<unknown>', name=<unknown>, {message}");
    }

    private Gpu Gpu(FaultSpec fault) => fleet.GpuOf(fault.Entity);

    private Nic NicOf(FaultSpec fault) => fleet.SimNodes.SelectMany(node => node.Nics).First(nic => nic.Id == fault.Entity);

    private SimNode? NodeOf(FaultSpec fault) => fault.Entity.Kind switch
    {
        EntityKind.Gpu => Gpu(fault).Node,
        EntityKind.Nic => NicOf(fault).Node,
        EntityKind.Node => fleet.Node(fault.Entity.Name),
        EntityKind.Monitor => fleet.Node(fault.Entity.Name.Split('/')[0]),
        _ => null,
    };

    /// <summary>A user's own error on one GPU: noise that calls for nothing.</summary>
    public void UserError(Gpu gpu) => Xid(gpu, 13, "Graphics SM Warp Exception on (GPC 1, TPC 3, SM 0): Out Of Range Address");
}
