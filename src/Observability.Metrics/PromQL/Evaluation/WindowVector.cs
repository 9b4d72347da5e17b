using Observability.Model;

namespace Observability.Metrics;

/// <summary>The series of a range vector with all samples that any step needs, and where each step's window ends.</summary>
internal sealed record WindowVector(IReadOnlyList<WindowVector.Entry> Series, long Length, TimeFrame Frame)
{
    /// <summary>First and last time that any window may hold, both included.</summary>
    public long From { get; init; }

    /// <summary>One series: either its samples, or where to read them when its turn comes.</summary>
    public sealed record Entry(LabelSet Labels, bool DropsName, SampleBuffer? Samples, MemorySeries? Stored = null);

    /// <summary>The samples without stale markers; those of the store are read into the caller's buffer.</summary>
    public SampleBuffer Read(int index, SampleBuffer into)
    {
        var entry = Series[index];
        if (entry.Samples is { } known)
            return known;
        into.Clear();
        entry.Stored!.Read(From, Frame.Last, into);
        into.RemoveStale();
        return into;
    }
}
