namespace Observability.Collectors;

/// <summary>One operation of one worker in one step.</summary>
/// <param name="Worker">Who did it.</param>
/// <param name="Step">The training step.</param>
/// <param name="Type">Its name in the trace, in one spelling for all traces.</param>
/// <param name="Kind">What it is to the others.</param>
public readonly record struct TraceOperation(TraceWorker Worker, int Step, string Type, OperationKind Kind)
{
    /// <summary>Which model chunk of the worker it is about, from 0.</summary>
    public int Chunk { get; init; }

    /// <summary>Which one of its type, worker and step it is.</summary>
    public int Sequence { get; init; }

    /// <summary>When it began, in seconds of the trace's clock.</summary>
    public double Start { get; init; }

    /// <summary>How long it took, in seconds; of a communication it may include the wait for the others.</summary>
    public double Duration { get; init; }

    /// <summary>When it ended, in seconds of the trace's clock.</summary>
    public double End => Start + Duration;
}
