namespace Observability.Collectors;

/// <summary>
/// Finds the rank whose program stopped while another rank holds it up. Ranks that run the same part of the model and wait in the same
/// collective first have the same operations open, in the same order. Whose open operations are only the beginning of those of the
/// others was stopped by something of its own; the wait graph cannot see it, because it waits as they do.
/// </summary>
internal static class StoppedProgram
{
    /// <summary>Findings in all groups.</summary>
    public static IEnumerable<FlightRecorderFinding> Find(RecordedJob job) => job.Heads
        .Where(pair => pair.Value is { IsCollective: true, Entry: not null })
        .GroupBy(pair => (pair.Value!.Group, pair.Value.Sequence), pair => pair.Key)
        .SelectMany(waiting => Behind(job, waiting.Key.Group, waiting.Key.Sequence, [.. waiting.Order()]));

    private static IEnumerable<FlightRecorderFinding> Behind(RecordedJob job, RecordedGroup group, long sequence, List<int> ranks)
    {
        if (ranks.Count < 2)
            yield break;
        var open = ranks.ToDictionary(rank => rank, rank => Open(job, rank));
        foreach (var rank in ranks)
        {
            var own = open[rank];
            var ahead = ranks.Where(other => open[other].Count > own.Count && open[other].Take(own.Count).SequenceEqual(own)).ToList();
            var equal = ranks.Count(other => open[other].Count == own.Count && open[other].SequenceEqual(own));

            // One that ran on alone says nothing of those that stand together.
            if (ahead.Count < equal || ahead.Count == 0)
                continue;
            yield return new FlightRecorderFinding(rank, FlightRecorderKind.NotEnqueued, group.ToString(), sequence,
                $"rank {rank}: like {string.Join(", ", ahead.Take(8))} it waits in collective {sequence} of process group {group}; they enqueued {open[ahead[0]].Count - own.Count} operations more after the same ones, rank {rank} stopped");
        }
    }

    private static List<string> Open(RecordedJob job, int rank) => [.. job.Open(rank).Select(entry => $"{entry.GroupDescription} {entry.Operation}")];
}
