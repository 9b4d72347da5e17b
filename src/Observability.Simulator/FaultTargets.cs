using Observability.Model;

namespace Observability.Simulator;

/// <summary>What a fault can hit, and what is true of it.</summary>
internal sealed class FaultTargets(Fleet fleet)
{
    /// <summary>Why a fault cannot be injected; null when it can.</summary>
    public string? Refusal(FaultSpec fault)
    {
        if (FaultKinds.Find(fault.Kind) is not { } kind)
            return $"kind '{fault.Kind}' cannot be injected; one of {string.Join(", ", FaultKinds.All.Concat(FaultKinds.Collection).Select(known => known.Name).Order(StringComparer.Ordinal))} can";
        if (fault.Entity.Kind != kind.Hits)
            return $"{fault.Kind} needs a {kind.Hits}, not '{fault.Entity}'";
        if (fault.Duration <= TimeSpan.Zero)
            return $"duration {fault.Duration} must be above zero";
        return Exists(fault.Entity) ? null : $"the fleet has no '{fault.Entity}'";
    }

    /// <summary>What is true of a fault at the moment it begins.</summary>
    public GroundTruth TruthOf(FaultSpec fault)
    {
        var kind = FaultKinds.Find(fault.Kind)!;
        var node = NodeOf(fault.Entity);
        IEnumerable<string> jobs = fault.Entity.Kind switch
        {
            EntityKind.Job => [fault.Entity.Name],
            EntityKind.Switch => fleet.Jobs.Where(job => job.Ranks.Exists(gpu => IsBehind(gpu.Node.Nics[gpu.Index], fault.Entity.Name))).Select(job => job.Name),
            EntityKind.Storage or EntityKind.Cluster => fleet.Jobs.Select(job => job.Name),
            _ => node is null ? [] : node.Gpus.Select(gpu => gpu.Job).OfType<TrainingJob>().Select(job => job.Name).Distinct(),
        };
        string[] suffering = [.. jobs];
        return new GroundTruth(fault, EntitiesOf(fault, kind, suffering), kind.IsHardware && node is not null ? [node.Name] : [], suffering)
        {
            Kind = kind,
            FirstSymptomAt = kind.FirstSymptomOf(fault),
            StepSeconds = fleet.Jobs.Where(job => suffering.Contains(job.Name)).Select(job => (double?)Math.Round(job.BaseStepSeconds, 3)).Min(),
        };
    }

    // Whoever names the job that a full disk ended names the right trouble, too: the platform knows no such device.
    private static EntityId[] EntitiesOf(FaultSpec fault, FaultKind kind, string[] jobs) =>
        kind.Name is FaultKinds.DiskFull or FaultKinds.OutOfMemory or FaultKinds.Congestion or FaultKinds.CpuContention
            ? [fault.Entity, .. jobs.Select(job => new EntityId(EntityKind.Job, job))]
            : [fault.Entity];

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

    /// <summary>True where an adapter's traffic passes a leaf or spine switch.</summary>
    public static bool IsBehind(Nic nic, string name) => nic.Leaf == name || nic.Spine == name;

    /// <summary>Name of the exporter in a monitor's name: <c>node-003/dcgm</c> is <c>dcgm</c>.</summary>
    public static string ExporterOf(EntityId monitor) => monitor.Name[(monitor.Name.IndexOf('/', StringComparison.Ordinal) + 1)..];

    private bool Exists(EntityId entity) => entity.Kind switch
    {
        EntityKind.Job => fleet.Job(entity.Name) is not null,
        EntityKind.Switch => fleet.SimNodes.Any(node => node.Nics.Any(nic => IsBehind(nic, entity.Name))),
        EntityKind.Storage => entity.Name == FaultPlaces.FileSystem,
        EntityKind.Cluster => entity.Name == FaultPlaces.Cluster,
        EntityKind.Monitor => NodeOf(entity) is not null && ExporterOf(entity) is "dcgm" or "node",
        _ => NodeOf(entity) is not null,
    };
}
