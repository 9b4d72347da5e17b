namespace Observability.Collectors;

/// <summary>A worker of a job: the GPUs that hold one pipeline stage of one copy of the model.</summary>
/// <param name="DataParallelRank">The copy of the model, from 0.</param>
/// <param name="Stage">The pipeline stage, from 0.</param>
public readonly record struct TraceWorker(int DataParallelRank, int Stage) : IComparable<TraceWorker>
{
    /// <inheritdoc/>
    public int CompareTo(TraceWorker other) => (DataParallelRank, Stage).CompareTo((other.DataParallelRank, other.Stage));

    public static bool operator <(TraceWorker left, TraceWorker right) => left.CompareTo(right) < 0;

    public static bool operator >(TraceWorker left, TraceWorker right) => left.CompareTo(right) > 0;

    public static bool operator <=(TraceWorker left, TraceWorker right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TraceWorker left, TraceWorker right) => left.CompareTo(right) >= 0;
}
