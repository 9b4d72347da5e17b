using Observability.Model;

namespace Observability.Metrics;

/// <summary>The series of a range vector with all samples that any step needs, and where each step's window ends.</summary>
internal sealed record WindowVector(IReadOnlyList<WindowVector.Entry> Series, long Length, TimeFrame Frame)
{
    public sealed record Entry(LabelSet Labels, bool DropsName, SampleBuffer Samples);
}
