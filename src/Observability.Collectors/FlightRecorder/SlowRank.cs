namespace Observability.Collectors;

/// <summary>
/// Finds the rank that the others wait for although everything completes. Who comes last to a collective spends the least time in it,
/// and that time is measured on the rank's own clock, so that clocks which disagree do not matter.
/// </summary>
internal static class SlowRank
{
    private const int LeastCollectives = 5;
    private const double LeastShare = 0.8;

    // The watchdog looks every 100 ms; what is below two looks is no difference.
    private const long LeastGapNanoseconds = 200_000_000;

    /// <summary>Findings in all groups of three and more.</summary>
    public static IEnumerable<FlightRecorderFinding> Find(RecordedJob job) =>
        job.Groups.Where(group => group.Positions.Count >= 3).Select(Of).OfType<FlightRecorderFinding>();

    private static FlightRecorderFinding? Of(RecordedGroup group)
    {
        var last = new Dictionary<int, List<(long Sequence, long Gap)>>();
        var collectives = 0;
        foreach (var sequence in group.Positions.Values.SelectMany(position => position.Collectives.Keys).Distinct().Order())
        {
            var times = group.Positions.Select(pair => (Rank: pair.Key, Entry: pair.Value.At(sequence)))
                .Where(call => call.Entry is { CompletedNanoseconds: > 0, CreatedNanoseconds: > 0 })
                .Select(call => (call.Rank, Spent: call.Entry!.CompletedNanoseconds - call.Entry.CreatedNanoseconds))
                .OrderBy(call => call.Spent).ToList();
            if (times.Count < group.Positions.Count)
                continue;
            collectives++;
            var gap = times[times.Count / 2].Spent - times[0].Spent;
            if (gap < LeastGapNanoseconds)
                continue;
            if (!last.TryGetValue(times[0].Rank, out var gaps))
                last[times[0].Rank] = gaps = [];
            gaps.Add((sequence, gap));
        }

        if (last.Count == 0 || last.MaxBy(pair => pair.Value.Count) is var (rank, found)
            && (found.Count < LeastCollectives || found.Count < LeastShare * collectives))
        {
            return null;
        }

        (rank, found) = last.MaxBy(pair => pair.Value.Count);
        var typical = found.Select(item => item.Gap).Order().ElementAt(found.Count / 2);
        return new FlightRecorderFinding(rank, FlightRecorderKind.Slow, group.ToString(), found[^1].Sequence,
            $"rank {rank} came last to {found.Count} of {collectives} collectives of process group {group}; half of the others waited {typical / 1_000_000} ms or more for it");
    }
}
