using Observability.Model;
using static Observability.Incidents.StoryWriter;

namespace Observability.Incidents;

/// <summary>What a job shows: of what is done to it, and of what it does to itself.</summary>
internal static class JobSigns
{
    /// <summary>Tells a fault of the job's own.</summary>
    public static EntityId? Tell(StoryWriter writer, string kind, FaultPlace place)
    {
        var job = SyntheticFleet.Job(place.Job);
        switch (kind)
        {
            case FaultClass.UserCodeHang:
                Halt(writer, place);
                return job;
            case FaultClass.UserCodeError:
                // The same illegal access on many GPUs at once, or a traceback on all ranks, or both.
                var speaks = writer.Chance(0.5);
                if (speaks && writer.Chance(0.5))
                {
                    writer.Event(job, 0, (kind, Warning), "train:traceback", cause: false);
                    writer.Rule(job, 45, (FaultClass.JobKilled, Warning));
                    return job;
                }

                var gpus = 4 + writer.Random.Next(Math.Min(40, (place.Nodes.Count * SyntheticFleet.Gpus) - 3));
                var code = writer.Chance(0.5) ? "xid:13" : "xid:31";
                foreach (var (node, part) in Pick(writer, place, gpus))
                    writer.Event(SyntheticFleet.Gpu(node, part), writer.Random.NextDouble() * 3, (kind, Warning), code, cause: false);
                if (speaks)
                    writer.Event(job, 2, (kind, Warning), "train:traceback", cause: false);
                if (writer.Chance(0.5))
                    Echo(writer, place, after: 4);
                writer.Rule(job, 45, (FaultClass.JobKilled, Warning));
                return job;
            case FaultClass.StorageStall:
                return Storage(writer, place);
            case FaultClass.DataLoaderStall:
                writer.Rule(job, 25, (kind, Warning), cause: true);
                Slow(writer, place, isRankNamed: writer.Chance(0.1));
                return job;
            case FaultClass.JobKilled:
                Echo(writer, place, after: 0);
                writer.Rule(job, 45, (kind, Warning));
                if (writer.Chance(0.4))
                    writer.Rule(job, 180, (FaultClass.UserCodeHang, Warning));
                return job;
            default:
                // Slow ranks and nothing that says why: nobody is right. A host short of processors is no answer either, only a hint.
                Slow(writer, place, isRankNamed: true);
                if (writer.Chance(0.2))
                    writer.Rule(SyntheticFleet.Node(place.Node), 20, (FaultClass.Straggler, Warning));
                return null;
        }
    }

    // Storage that does not answer stops all jobs that use it; where one waits alone, it is what that one reads or writes there.
    private static EntityId Storage(StoryWriter writer, FaultPlace place)
    {
        if (writer.Chance(0.25))
        {
            Wait(writer, place.Job);
            return SyntheticFleet.Job(place.Job);
        }

        if (writer.Chance(0.85))
            writer.Rule(SyntheticFleet.Storage, 15, (FaultClass.StorageStall, Critical), cause: true);
        foreach (var (name, _) in writer.Fleet.Jobs.Where(_ => writer.Chance(0.9)))
            Wait(writer, name);
        return SyntheticFleet.Storage;
    }

    private static void Wait(StoryWriter writer, string name)
    {
        var job = SyntheticFleet.Job(name);
        writer.Rule(job, 47, (FaultClass.StorageStall, Critical), cause: true);
        if (writer.Chance(0.3))
            writer.Rule(job, 180, (FaultClass.UserCodeHang, Warning));
        if (writer.Chance(0.2))
            writer.Rule(job, 40, (FaultClass.Unknown, Warning));
    }

    /// <summary>The job stands still; its ranks spin, and sooner or later somebody or a timeout ends it.</summary>
    public static void Halt(StoryWriter writer, FaultPlace place)
    {
        var job = SyntheticFleet.Job(place.Job);
        if (writer.Chance(0.9))
            writer.Rule(job, 35, (FaultClass.UserCodeHang, Critical), origin: AlertOrigin.Detector);
        if (writer.Chance(0.6))
            writer.Rule(job, 180, (FaultClass.UserCodeHang, Warning));
        if (writer.Chance(0.2))
            writer.Rule(job, 40, (FaultClass.Unknown, Warning));
        if (writer.Chance(0.3))
            writer.Rule(job, 75 + (writer.Random.NextDouble() * 120), (FaultClass.JobKilled, Warning));
        if (writer.Chance(0.15))
            writer.Event(job, 8 + (writer.Random.NextDouble() * 30), (FaultClass.Unknown, Warning), "nccl:remote_error", cause: false);
        // Whatever stopped it, some rank raises in the end.
        if (writer.Chance(0.1))
            writer.Event(job, 20 + (writer.Random.NextDouble() * 100), (FaultClass.UserCodeError, Warning), "train:traceback", cause: false);
        if (writer.Chance(0.1))
            writer.Event(job, 600, (FaultClass.UserCodeHang, Warning), "nccl:watchdog_timeout", cause: false);
    }

    /// <summary>Every step takes longer, and where peers can be compared one rank is named, not always the right one.</summary>
    public static void Slow(StoryWriter writer, FaultPlace place, bool isRankNamed)
    {
        var job = SyntheticFleet.Job(place.Job);
        // The third slow step, then efficiency that is pushed every ten seconds and looked at for forty.
        if (writer.Chance(0.85))
            writer.Rule(job, 5, (FaultClass.Unknown, Warning), origin: AlertOrigin.Detector);
        if (writer.Chance(0.85))
            writer.Rule(job, 40, (FaultClass.Unknown, Warning));
        if (writer.Chance(0.5))
            writer.Rule(job, 45, (FaultClass.Unknown, Info));
        if (!isRankNamed)
            return;
        if (writer.Chance(0.75))
            writer.Rule(SyntheticFleet.Gpu(place.Node, place.Part), 40, (FaultClass.Straggler, Warning), origin: AlertOrigin.Detector);
        if (writer.Chance(0.15))
        {
            var (node, part) = Pick(writer, place, 1)[0];
            writer.Rule(SyntheticFleet.Gpu(node, part), 50, (FaultClass.Straggler, Warning), origin: AlertOrigin.Detector);
        }

        // After a restart elsewhere the whole node looks different from its peers for a while.
        if (writer.Chance(0.1))
        {
            for (var other = 0; other < SyntheticFleet.Gpus; other++)
                writer.Rule(SyntheticFleet.Gpu(place.Node, other), 130, (FaultClass.Straggler, Warning), origin: AlertOrigin.Detector);
        }
    }

    /// <summary>The driver clears the channels of a job that ended: XID 45 on many of its GPUs.</summary>
    public static void Echo(StoryWriter writer, FaultPlace place, double after)
    {
        foreach (var (node, part) in Pick(writer, place, 4 + writer.Random.Next(60)))
            writer.Event(SyntheticFleet.Gpu(node, part), after + (writer.Random.NextDouble() * 3), (FaultClass.JobKilled, Info), "xid:45", cause: false);
    }

    private static List<(int Node, int Part)> Pick(StoryWriter writer, FaultPlace place, int count)
    {
        var all = place.Nodes.SelectMany(node => Enumerable.Range(0, SyntheticFleet.Gpus).Select(part => (node, part))).ToArray();
        writer.Random.Shuffle(all);
        return [.. all.Take(count)];
    }
}
