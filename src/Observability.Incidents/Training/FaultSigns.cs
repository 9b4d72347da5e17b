using Observability.Model;
using static Observability.Incidents.StoryWriter;

namespace Observability.Incidents;

/// <summary>
/// Which alerts each fault gives rise to, with the delays and gaps of real telemetry: signatures of facts/failures.md §5 and §6,
/// severities and roles of this repository's rules and fault catalogue.
/// </summary>
internal static class FaultSigns
{
    /// <summary>Tells a fault; returns who is guilty, or null where the alerts cannot say it.</summary>
    public static EntityId? Tell(StoryWriter writer, string kind, FaultPlace place) => kind switch
    {
        FaultClass.SlowNic or FaultClass.LeafFlap or FaultClass.NodeDown or FaultClass.PowerBrake or FaultClass.MonitorSilent or FaultClass.Maintenance => FabricSigns.Tell(writer, kind, place),
        FaultClass.UserCodeHang or FaultClass.UserCodeError or FaultClass.DataLoaderStall or FaultClass.StorageStall or FaultClass.JobKilled or FaultClass.Straggler => JobSigns.Tell(writer, kind, place),
        _ => OfGpu(writer, kind, place),
    };

    private static EntityId? OfGpu(StoryWriter writer, string kind, FaultPlace place)
    {
        var gpu = SyntheticFleet.Gpu(place.Node, place.Part);
        switch (kind)
        {
            case FaultClass.GpuOffBus:
                writer.Event(gpu, 0, (kind, Critical), "xid:79");
                writer.Rule(gpu, 12, (kind, Critical), cause: true);
                if (writer.Chance(0.4))
                    writer.Rule(SyntheticFleet.Node(place.Node), 120, (kind, Warning));
                JobSigns.Halt(writer, place);
                break;
            case FaultClass.EccUncontained:
                if (writer.Chance(0.8))
                    writer.Event(gpu, 0, (FaultClass.EccContained, Critical), "xid:48");
                writer.Event(gpu, 1, (kind, Critical), "xid:95");
                writer.Rule(gpu, 12, (kind, Critical), cause: true);
                Spill(writer, place, gpu);
                JobSigns.Halt(writer, place);
                break;
            // Corrected errors that climb: nothing stops yet.
            case FaultClass.EccContained when writer.Chance(0.3):
                writer.Rule(gpu, 40, (kind, Warning), cause: true);
                if (writer.Chance(0.3))
                    writer.Rule(gpu, 300, (kind, Info));
                break;
            case FaultClass.EccContained:
                writer.Event(gpu, 0, (kind, Critical), "xid:48");
                writer.Event(gpu, 1, (kind, Warning), "xid:94");
                if (writer.Chance(0.6))
                    writer.Event(gpu, 2, (FaultClass.RowRemapPending, Warning), "xid:63");
                writer.Rule(gpu, 14, (kind, Critical));
                Spill(writer, place, gpu);
                if (writer.Chance(0.7))
                    JobSigns.Halt(writer, place);
                break;
            case FaultClass.RowRemapPending:
                writer.Event(gpu, 0, (kind, Warning), "xid:63");
                writer.Rule(gpu, 8, (kind, Warning), cause: true);
                break;
            case FaultClass.GspTimeout:
                writer.Event(gpu, 0, (kind, Critical), "xid:119");
                // nvidia-smi hangs, and with it the exporter of the whole node.
                if (writer.Chance(0.6))
                    writer.Rule(SyntheticFleet.Monitor(place.Node, "dcgm"), 25, (FaultClass.MonitorSilent, Warning), cause: true, AlertOrigin.Monitor);
                JobSigns.Halt(writer, place);
                break;
            case FaultClass.NvlinkError:
                Nvlink(writer, place, gpu);
                break;
            case FaultClass.SilentCorruption:
                return Corrupt(writer, place, gpu) ? gpu : null;
            case FaultClass.ThermalThrottle:
                Thermal(writer, place, gpu);
                break;
            default:
                writer.Rule(gpu, 12, (FaultClass.PcieWidthLoss, Warning), cause: true);
                if (writer.Chance(0.6))
                    writer.Rule(gpu, 20, (FaultClass.PcieWidthLoss, Info));
                // The adapter behind the slow link fills up and its peers are throttled: other ports look bad.
                for (var peer = writer.Random.Next(4); peer > 0; peer--)
                    writer.Rule(SyntheticFleet.Nic(place.Nodes[writer.Random.Next(place.Nodes.Count)], place.Part), 25, (FaultClass.SlowNic, Info));
                JobSigns.Slow(writer, place, isRankNamed: true);
                break;
        }

        return gpu;
    }

    private static void Spill(StoryWriter writer, FaultPlace place, EntityId gpu)
    {
        if (writer.Chance(0.6))
            writer.Event(gpu, 2, (FaultClass.JobKilled, Info), "xid:45", cause: false);
        if (writer.Chance(0.3))
            writer.Event(gpu, 1, (FaultClass.UserCodeError, Warning), "xid:31", cause: false);
        // The framework ends the job, and every GPU of it echoes that.
        if (writer.Chance(0.3))
            JobSigns.Echo(writer, place, after: 5);
    }

    // In 16 to 42 % of cases other GPUs of the node are hit too, sometimes first.
    private static void Nvlink(StoryWriter writer, FaultPlace place, EntityId gpu)
    {
        writer.Event(gpu, 0, (FaultClass.NvlinkError, Critical), "xid:74");
        writer.Rule(gpu, 15, (FaultClass.NvlinkError, Warning));
        if (writer.Chance(0.35))
        {
            for (var others = 1 + writer.Random.Next(3); others > 0; others--)
            {
                var other = SyntheticFleet.Gpu(place.Node, writer.Random.Next(SyntheticFleet.Gpus));
                if (other != gpu && writer.Chance(0.3))
                    writer.Event(other, 1 + writer.Random.NextDouble(), (FaultClass.NvlinkError, Critical), "xid:74");
                else if (other != gpu)
                    writer.Rule(other, 15, (FaultClass.NvlinkError, Warning));
            }
        }

        JobSigns.Halt(writer, place);
    }

    // The gradients jump. Where the job computes such steps again, its log says which rank gave two answers; elsewhere nobody can know.
    private static bool Corrupt(StoryWriter writer, FaultPlace place, EntityId gpu)
    {
        var job = SyntheticFleet.Job(place.Job);
        writer.Rule(job, 25, (FaultClass.Unknown, Warning));
        if (writer.Chance(0.5))
            return false;
        writer.Event(job, 0, (FaultClass.Unknown, Info), "replay:unexpected_result", cause: false);
        writer.Event(gpu, 5, (FaultClass.SilentCorruption, Critical), "replay:transient_error");
        return true;
    }

    // A hot inlet warms the neighbours too; only one of them is slowed down.
    private static void Thermal(StoryWriter writer, FaultPlace place, EntityId gpu)
    {
        writer.Rule(gpu, 10 + (writer.Random.NextDouble() * 40), (FaultClass.ThermalThrottle, Warning), cause: true);
        if (writer.Chance(0.7))
            writer.Rule(gpu, 25, (FaultClass.ThermalThrottle, Warning));
        if (writer.Chance(0.35))
        {
            for (var others = 1 + writer.Random.Next(3); others > 0; others--)
                writer.Rule(SyntheticFleet.Gpu(place.Node, writer.Random.Next(SyntheticFleet.Gpus)), 20, (FaultClass.ThermalThrottle, Warning));
        }

        JobSigns.Slow(writer, place, isRankNamed: true);
    }
}
