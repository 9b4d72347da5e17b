using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Alerts that have nothing to do with the faults: warnings that come and go, an application's XID, a burning budget, a warm GPU
/// (facts/failures.md §8: 20 such warnings per 1,000 nodes and day; here more, because a ranker must learn to see past them).
/// </summary>
internal static class BackgroundNoise
{
    private const int Most = 4;

    public static void Write(StoryWriter writer)
    {
        var random = writer.Random;
        writer.At = 0;
        for (var left = random.Next(Most + 1); left > 0; left--)
            One(writer, random.Next(writer.Fleet.Nodes), random.Next(SyntheticFleet.Gpus), (random.NextDouble() * 240) - 90);
    }

    /// <summary>One alert on a node, some seconds after the writer's time.</summary>
    public static void One(StoryWriter writer, int node, int part, double after)
    {
        switch (writer.Random.Next(7))
        {
            case 0: writer.Rule(SyntheticFleet.Gpu(node, part), after, (FaultClass.ThermalThrottle, StoryWriter.Warning)); break;
            case 1: writer.Event(SyntheticFleet.Gpu(node, part), after, (FaultClass.UserCodeError, StoryWriter.Warning), "xid:13", cause: false); break;
            case 2: writer.Rule(SyntheticFleet.Nic(node, part), after, (FaultClass.SlowNic, StoryWriter.Info)); break;
            case 3: writer.Event(SyntheticFleet.Nic(node, part), after, (FaultClass.LeafFlap, StoryWriter.Warning), "mlx5:link_down", cause: false); break;
            case 4: writer.Rule(SyntheticFleet.Gpu(node, part), after, (FaultClass.EccContained, StoryWriter.Info)); break;
            case 5: writer.Rule(SyntheticFleet.Gpu(node, part), after, (FaultClass.Straggler, StoryWriter.Warning), origin: AlertOrigin.Detector); break;
            default:
                if (writer.Fleet.JobOn(node) is { Length: > 0 } job)
                    writer.Rule(SyntheticFleet.Job(job), after, (FaultClass.Unknown, StoryWriter.Warning));
                break;
        }
    }
}
