namespace Observability.Incidents;

/// <summary>
/// What makes a storm of an incident: where one part of a job stops or slows, all its GPUs wait, and whoever has a rule for a GPU that
/// does little, or for a rank that waits, gets an alert for every one of them (facts/failures.md §8).
/// </summary>
internal static class StormSigns
{
    private const double Early = 0.6;
    private const double EarlySeconds = 30;
    private const double TailSeconds = 180;
    private const double LastSeconds = 480;
    private const double DetectedAfterSeconds = 15;

    private static readonly (string Name, bool OfRank)[] Voices = [("GpuTensorActivityLow", false), ("GpuPowerLow", false), ("RankCollectiveTimeout", true)];

    /// <summary>Every GPU and rank of the job says that it waits; each site has some of the rules.</summary>
    public static void OfWaitingJob(StoryWriter writer, int job)
    {
        var (name, nodes) = writer.Fleet.Jobs[job];
        foreach (var (voice, ofRank) in Voices)
        {
            for (var at = 0; at < nodes.Count * SyntheticFleet.Gpus; at++)
            {
                var entity = ofRank ? SyntheticFleet.Rank(name, at) : SyntheticFleet.Gpu(nodes[at / SyntheticFleet.Gpus], at % SyntheticFleet.Gpus);
                writer.Foreign(entity, DetectedAfterSeconds + Delay(writer.Random), voice);
            }
        }
    }

    private static double Delay(Random random) => random.NextDouble() < Early
        ? random.NextDouble() * EarlySeconds
        : Math.Min(EarlySeconds - (TailSeconds * Math.Log(1 - random.NextDouble())), LastSeconds);
}
