using Observability.Model;
using static Observability.Incidents.StoryWriter;

namespace Observability.Incidents;

/// <summary>What a change shows that is to blame, and changes that are not.</summary>
internal static class ChangeSigns
{
    // Of the failures that are a job's own 73 % come within ten minutes of its start (facts/failures.md §2, Aegis); the others here within the
    // time for which a change is remembered.
    private const double Soon = 0.73;
    private const double SoonSeconds = 600;
    private const double LatestSeconds = 3_300;

    /// <summary>Tells a change and what came of it: new code of a job, or another driver or setting of a node.</summary>
    public static EntityId Tell(StoryWriter writer, FaultPlace place) => writer.Chance(0.75) ? OfJob(writer, place) : OfNode(writer, place);

    /// <summary>A change of the job or the node of a story that has nothing to do with it; any time of the hour before and after.</summary>
    public static void Unrelated(StoryWriter writer, FaultPlace place)
    {
        writer.At = 0;
        var isOfJob = writer.Chance(0.5);
        Write(writer, isOfJob ? SyntheticFleet.Job(place.Job) : SyntheticFleet.Node(place.Node), isOfJob ? "change:deploy" : "change:driver", ((writer.Random.NextDouble() * 1.1) - 1) * 3_600);
    }

    // The job stands still, fails by itself, or is slow; it was started anew with what was changed, which may look like its end.
    private static EntityId OfJob(StoryWriter writer, FaultPlace place)
    {
        var job = SyntheticFleet.Job(place.Job);
        var before = Before(writer);
        Write(writer, job, writer.Chance(0.8) ? "change:deploy" : "change:config", -before);
        if (before < 120 && writer.Chance(0.2))
            writer.Rule(job, 20 - before, (FaultClass.JobKilled, Warning));
        switch (writer.Random.Next(3))
        {
            case 0: JobSigns.Halt(writer, place); break;
            case 1: JobSigns.Fail(writer, place); break;
            default: JobSigns.Slow(writer, place, isRankNamed: writer.Chance(0.3)); break;
        }

        return job;
    }

    // A driver meets every GPU of its node, and what a node's settings hold back is held back on all of them. One GPU alone is that GPU.
    private static EntityId OfNode(StoryWriter writer, FaultPlace place)
    {
        var node = SyntheticFleet.Node(place.Node);
        Write(writer, node, writer.Chance(0.6) ? "change:driver" : "change:config", -Before(writer));
        var gpus = Enumerable.Range(0, SyntheticFleet.Gpus).ToArray();
        writer.Random.Shuffle(gpus);
        var isFatal = writer.Chance(0.5);
        foreach (var gpu in gpus.Take(3 + writer.Random.Next(SyntheticFleet.Gpus - 2)))
        {
            if (isFatal)
                writer.Event(SyntheticFleet.Gpu(place.Node, gpu), writer.Random.NextDouble() * 5, (FaultClass.GspTimeout, Critical), "xid:119");
            else
                writer.Rule(SyntheticFleet.Gpu(place.Node, gpu), 40, (FaultClass.Straggler, Warning), origin: AlertOrigin.Detector);
        }

        if (isFatal)
            JobSigns.Halt(writer, place);
        else
            JobSigns.Slow(writer, place, isRankNamed: false);
        return node;
    }

    private static double Before(StoryWriter writer) => 10 + (writer.Chance(Soon) ? writer.Random.NextDouble() * SoonSeconds : SoonSeconds + (writer.Random.NextDouble() * (LatestSeconds - SoonSeconds)));

    /// <summary>An announced change.</summary>
    public static void Write(StoryWriter writer, EntityId what, string code, double after) => writer.Event(what, after, (FaultClass.BadChange, Info), code, cause: false);
}
