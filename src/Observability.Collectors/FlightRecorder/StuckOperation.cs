namespace Observability.Collectors;

/// <summary>
/// Finds the rank whose device or process is stuck inside a collective. A collective that moves data between all members ends on
/// none before all took part: where peers completed it and this rank, which enqueued it, did not, its peers are not the reason.
/// </summary>
internal static class StuckOperation
{
    /// <summary>Findings in all groups.</summary>
    public static IEnumerable<FlightRecorderFinding> Find(RecordedJob job) =>
        job.Groups.Where(group => !group.HasPointToPoint).SelectMany(group => NotCompleted(group).Concat(NotStarted(job, group)));

    private static IEnumerable<FlightRecorderFinding> NotCompleted(RecordedGroup group)
    {
        if (group.Positions.Count < 2)
            yield break;
        var (furthest, ahead) = group.Positions.MaxBy(pair => pair.Value.Completed);
        foreach (var (rank, position) in group.Positions.OrderBy(pair => pair.Key))
        {
            // Peers that completed what this rank had not even enqueued show that its dump is older: it went on afterwards.
            if (!position.IsWaiting || position.Completed >= ahead.Completed || ahead.Completed > position.Enqueued || AllRooted(group, position, ahead.Completed))
                continue;
            var sequence = position.Completed + 1;
            yield return new FlightRecorderFinding(rank, FlightRecorderKind.NotCompleted, group.ToString(), sequence,
                $"rank {rank} enqueued collectives up to {position.Enqueued} of process group {group} and completed {position.Completed}, "
                    + $"while rank {furthest} completed {ahead.Completed}: {Name(position, sequence)} is stuck on rank {rank} itself");
        }
    }

    private static IEnumerable<FlightRecorderFinding> NotStarted(RecordedJob job, RecordedGroup group)
    {
        var waiting = group.Positions.Where(pair => pair.Value.IsWaiting).OrderBy(pair => pair.Key).ToList();
        if (waiting.Count == 0 || waiting.Count < group.Positions.Count)
            yield break;
        var sequence = waiting.Min(pair => pair.Value.Completed) + 1;
        var started = waiting.Count(pair => pair.Value.At(sequence) is { State: "started" });
        foreach (var (rank, position) in waiting)
        {
            // A rank that waits in something earlier has not come to this one yet.
            if (started * 2 > waiting.Count && position.At(sequence) is { State: "scheduled" }
                && job.Heads[rank] is { } head && head.Group == group && head.Sequence == sequence)
            {
                yield return new FlightRecorderFinding(rank, FlightRecorderKind.NotStarted, group.ToString(), sequence,
                    $"rank {rank} enqueued {Name(position, sequence)} of process group {group} and its device did not start it; {started} of {waiting.Count} members did");
            }
        }
    }

    // The root of a broadcast may be done before the others, and a sender of a reduce before its root.
    private static bool AllRooted(RecordedGroup group, GroupPosition position, long completed)
    {
        for (var sequence = position.Completed + 1; sequence <= Math.Min(completed, position.Completed + 1_000); sequence++)
        {
            var name = group.Positions.Values.Select(other => other.At(sequence)).FirstOrDefault(entry => entry is not null)?.Operation ?? "";
            if (!name.Contains("broadcast", StringComparison.Ordinal) && !name.EndsWith(":reduce", StringComparison.Ordinal)
                && !name.EndsWith(":scatter", StringComparison.Ordinal) && !name.EndsWith(":gather", StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string Name(GroupPosition position, long sequence) =>
        position.At(sequence) is { } entry ? $"collective {sequence} {entry.Operation}" : $"collective {sequence}";
}
