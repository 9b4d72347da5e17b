namespace Observability.Collectors;

/// <summary>
/// Which pass a send carries away and which pass a receive feeds. A trace does not say it; both follow from the order on their streams.
/// Profilers record more than was sent: halves before the first and after the last pass, and with several chunks a stage also halves of
/// the model's own ends, which have no other side. Others leave those out. The counts tell which of it a trace is.
/// </summary>
internal static class PipelineLinks
{
    // Streams are timed by events of their own: what follows from another may seem to begin a little before its end.
    private const double ToleranceSeconds = 5e-5;

    /// <summary>Pairs of a half and its pass, for one direction of one worker and step.</summary>
    /// <param name="all">All operations.</param>
    /// <param name="passes">The passes in their order.</param>
    /// <param name="halves">The sends or receives in their order.</param>
    /// <param name="what">Whether they are sends, and whether a pass has another side at all.</param>
    public static IEnumerable<(int Half, int Pass)> Match(
        TraceOperation[] all, IReadOnlyList<int> passes, IReadOnlyList<int> halves, (bool Send, Func<int, bool> Meets) what)
    {
        if (passes.Count == 0)
            return [];
        var (firstEnd, lastStart) = (passes.Min(pass => all[pass].End), passes.Max(pass => all[pass].Start));
        var real = halves.Where(half => what.Send ? all[half].End >= firstEnd - ToleranceSeconds : all[half].Start <= lastStart + ToleranceSeconds).ToList();
        var meeting = passes.Where(what.Meets).ToList();
        if (real.Count == meeting.Count)
            return real.Zip(meeting);
        if (real.Count == passes.Count)
            return real.Zip(passes);
        // The model's first chunk receives nothing, so what is missing is missing there.
        return !what.Send && real.Count + 1 == passes.Count ? real.Zip(passes.Skip(1)) : real.Zip(meeting);
    }
}
