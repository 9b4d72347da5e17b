using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>
/// Names the ranks that hold up a job from the flight recorders of its ranks. Ranks that report a timeout are usually victims; the
/// culprit is who called something else, who is stuck where its peers went on, or who did not come and waits for nobody.
/// </summary>
/// <remarks>
/// A dump does not say when it was taken. Dumps of a job that runs, taken one after the other, look like a short hang at the place where
/// the first one was taken; ask only about a job whose progress has stopped.
/// </remarks>
public static class FlightRecorderAnalysis
{
    /// <summary>Analyses the dumps of one moment of one job, in any order; an empty list is healthy.</summary>
    public static FlightRecorderVerdict Analyse(IReadOnlyList<FlightRecorderDump> dumps)
    {
        ArgumentNullException.ThrowIfNull(dumps);
        var job = new RecordedJob(dumps);
        var findings = OperationMismatch.Find(job).Concat(StuckOperation.Find(job)).ToList();
        var stuck = findings.Select(finding => finding.Rank).ToHashSet();
        var mismatch = findings.Any(finding => finding.Kind < FlightRecorderKind.NotCompleted);

        // After a mismatch everybody is somewhere else than meant: who is missing where follows from it.
        if (!mismatch)
            findings.AddRange(new WaitGraph(job, stuck, any: false).Origins().Where(finding => !stuck.Contains(finding.Rank)));
        if (findings.Count == 0)
            findings.AddRange(new WaitGraph(job, stuck, any: true).Origins());
        if (!mismatch && findings.Count > 0)
            findings.AddRange(StoppedProgram.Find(job).Where(finding => !findings.Exists(known => known.Rank == finding.Rank)).ToList());
        if (findings.Count == 0)
            findings.AddRange(SlowRank.Find(job));
        return findings.Count > 0 ? Verdict(findings) : Open(job);
    }

    private static FlightRecorderVerdict Verdict(List<FlightRecorderFinding> findings)
    {
        var ordered = findings.OrderBy(finding => finding.Kind).ThenBy(finding => finding.Rank).ToImmutableArray();
        var first = ordered[0];
        return new FlightRecorderVerdict(
            [.. ordered.Select(finding => finding.Rank).Distinct().Order()], first.Kind, first.ProcessGroup, first.Sequence,
            [.. ordered.Select(finding => finding.Evidence).Distinct(StringComparer.Ordinal)])
        {
            Findings = ordered,
        };
    }

    private static FlightRecorderVerdict Open(RecordedJob job)
    {
        var oldest = job.Heads.Values.OfType<Head>().OrderBy(head => head.Entry?.CreatedNanoseconds ?? long.MaxValue).FirstOrDefault();
        if (oldest is null)
            return new FlightRecorderVerdict([], FlightRecorderKind.Healthy, "", 0, []);
        var what = oldest.Entry is { } entry ? entry.Operation : $"collective {oldest.Sequence}";
        return new FlightRecorderVerdict([], FlightRecorderKind.Unresolved, oldest.Group.ToString(), oldest.Sequence,
            [$"{what}, number {oldest.Sequence} of process group {oldest.Group}, is enqueued by ranks {string.Join(", ", oldest.Group.Members.Take(16))} and completed by none of them: it still runs, or the path between them is broken"]);
    }
}
