using Observability.Model;

namespace Observability.Simulator;

/// <summary>Where a fault of a kind happens: always where a job runs, so that somebody suffers.</summary>
internal static class FaultPlaces
{
    /// <summary>The file system that every job uses.</summary>
    public const string FileSystem = "fs-0";

    /// <summary>The fleet as a whole.</summary>
    public const string Cluster = "fleet";

    public static EntityId Pick(Fleet fleet, string kind, Random random) => Pick(fleet.Jobs[random.Next(fleet.Jobs.Count)], kind, random);

    public static EntityId Pick(TrainingJob job, string kind, Random random) =>
        Of(job.Ranks[random.Next(job.Ranks.Count)], FaultKinds.Find(kind)!);

    /// <summary>What a fault of a kind hits around a GPU that works for a job.</summary>
    public static EntityId Of(Gpu gpu, FaultKind kind)
    {
        var nic = gpu.Node.Nics[gpu.Index];
        return kind.Hits switch
        {
            EntityKind.Nic => nic.Id,
            EntityKind.Switch => new EntityId(EntityKind.Switch, kind.Name == FaultKinds.Congestion ? nic.Spine : nic.Leaf),
            EntityKind.Job => gpu.Job!.Id,
            EntityKind.Monitor => new EntityId(EntityKind.Monitor, $"{gpu.Node.Name}/dcgm"),
            EntityKind.Node => new EntityId(EntityKind.Node, gpu.Node.Name),
            EntityKind.Storage => new EntityId(EntityKind.Storage, FileSystem),
            EntityKind.Cluster => new EntityId(EntityKind.Cluster, Cluster),
            _ => gpu.Id,
        };
    }
}
