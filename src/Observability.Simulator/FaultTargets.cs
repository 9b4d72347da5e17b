using Observability.Model;

namespace Observability.Simulator;

/// <summary>What a fault can hit, and what is true of it.</summary>
internal sealed class FaultTargets(Fleet fleet)
{
    // Which kind of entity each fault needs.
    private static readonly Dictionary<string, EntityKind> Kinds = new(StringComparer.Ordinal)
    {
        [FaultClass.GpuOffBus] = EntityKind.Gpu,
        [FaultClass.EccUncontained] = EntityKind.Gpu,
        [FaultClass.RowRemapPending] = EntityKind.Gpu,
        [FaultClass.ThermalThrottle] = EntityKind.Gpu,
        [FaultClass.PcieWidthLoss] = EntityKind.Gpu,
        [FaultClass.SlowNic] = EntityKind.Nic,
        [FaultClass.LeafFlap] = EntityKind.Switch,
        [FaultClass.UserCodeHang] = EntityKind.Job,
        [FaultClass.DataLoaderStall] = EntityKind.Job,
        [FaultClass.JobKilled] = EntityKind.Job,
        [FaultClass.MonitorSilent] = EntityKind.Monitor,
        [FaultClass.Maintenance] = EntityKind.Node,
    };

    /// <summary>Why a fault cannot be injected; null when it can.</summary>
    public string? Refusal(FaultSpec fault)
    {
        if (!Kinds.TryGetValue(fault.Kind, out var kind))
            return $"kind '{fault.Kind}' cannot be injected; one of {string.Join(", ", Kinds.Keys.Order(StringComparer.Ordinal))} can";
        if (fault.Entity.Kind != kind)
            return $"{fault.Kind} needs a {kind}, not '{fault.Entity}'";
        if (fault.Duration <= TimeSpan.Zero)
            return $"duration {fault.Duration} must be above zero";
        return Exists(fault.Entity) ? null : $"the fleet has no '{fault.Entity}'";
    }

    /// <summary>What is true of a fault at the moment it begins.</summary>
    public GroundTruth TruthOf(FaultSpec fault)
    {
        var node = NodeOf(fault.Entity);
        IEnumerable<string> jobs = fault.Entity.Kind switch
        {
            EntityKind.Job => [fault.Entity.Name],
            EntityKind.Switch => fleet.Jobs.Where(job => job.Ranks.Exists(gpu => gpu.Node.Nics[gpu.Index].Leaf == fault.Entity.Name)).Select(job => job.Name),
            _ => node is null ? [] : node.Gpus.Select(gpu => gpu.Job).OfType<TrainingJob>().Select(job => job.Name).Distinct(),
        };
        var mayCordon = FaultClass.KindOf(fault.Kind) == VerdictKind.Hardware && node is not null;
        return new GroundTruth(fault, [fault.Entity], mayCordon ? [node!.Name] : [], [.. jobs]);
    }

    public SimNode? NodeOf(EntityId entity) => entity.Kind switch
    {
        EntityKind.Gpu => fleet.GpuOf(entity)?.Node,
        EntityKind.Nic => fleet.NicOf(entity)?.Node,
        EntityKind.Node => fleet.Node(entity.Name),
        EntityKind.Monitor => fleet.Node(entity.Name.Split('/')[0]),
        _ => null,
    };

    /// <summary>All adapters on a leaf switch.</summary>
    public Nic[] NicsOn(string leaf) => [.. fleet.SimNodes.SelectMany(node => node.Nics).Where(nic => nic.Leaf == leaf)];

    /// <summary>Name of the exporter in a monitor's name: <c>node-003/dcgm</c> is <c>dcgm</c>.</summary>
    public static string ExporterOf(EntityId monitor) => monitor.Name[(monitor.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private bool Exists(EntityId entity) => entity.Kind switch
    {
        EntityKind.Job => fleet.Job(entity.Name) is not null,
        EntityKind.Switch => NicsOn(entity.Name).Length > 0,
        EntityKind.Monitor => NodeOf(entity) is not null && ExporterOf(entity) is "dcgm" or "node",
        _ => NodeOf(entity) is not null,
    };
}
