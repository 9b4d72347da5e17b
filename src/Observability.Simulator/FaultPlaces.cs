using Observability.Model;

namespace Observability.Simulator;

/// <summary>Where a fault of a kind happens: always where a job runs, so that somebody suffers.</summary>
internal static class FaultPlaces
{
    public static EntityId Pick(Fleet fleet, string kind, Random random) => Pick(fleet.Jobs[random.Next(fleet.Jobs.Count)], kind, random);

    public static EntityId Pick(TrainingJob job, string kind, Random random)
    {
        var gpu = job.Ranks[random.Next(job.Ranks.Count)];
        return kind switch
        {
            FaultClass.SlowNic => gpu.Node.Nics[gpu.Index].Id,
            FaultClass.LeafFlap => new EntityId(EntityKind.Switch, gpu.Node.Nics[gpu.Index].Leaf),
            FaultClass.UserCodeHang or FaultClass.DataLoaderStall or FaultClass.JobKilled => job.Id,
            FaultClass.MonitorSilent => new EntityId(EntityKind.Monitor, $"{gpu.Node.Name}/dcgm"),
            FaultClass.Maintenance => new EntityId(EntityKind.Node, gpu.Node.Name),
            _ => gpu.Id,
        };
    }
}
