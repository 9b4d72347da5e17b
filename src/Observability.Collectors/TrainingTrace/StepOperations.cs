namespace Observability.Collectors;

/// <summary>The operations of one worker in one step, in the orders in which its streams ran them.</summary>
internal sealed class StepOperations
{
    private readonly Dictionary<OperationKind, List<int>> _byKind = [];
    private readonly TraceOperation[] _all;

    /// <param name="all">All operations of the trace.</param>
    /// <param name="own">Which of them are this worker's in this step.</param>
    public StepOperations(TraceOperation[] all, IEnumerable<int> own)
    {
        _all = all;
        foreach (var operation in own)
        {
            var kind = all[operation].Kind;
            if (!_byKind.TryGetValue(kind, out var list))
                _byKind[kind] = list = [];
            list.Add(operation);
        }

        foreach (var (kind, list) in _byKind)
            list.Sort((a, b) => Compare(OperationNames.IsCommunication(kind), a, b));
        Passes = [.. Of(OperationKind.Forward).Concat(Of(OperationKind.Backward)).Order(Comparer<int>.Create((a, b) => Compare(byEnd: false, a, b)))];
    }

    /// <summary>Forward and backward passes in the order of the computation's stream.</summary>
    public IReadOnlyList<int> Passes { get; }

    /// <summary>The operations of a kind in their order.</summary>
    public IReadOnlyList<int> Of(OperationKind kind) => _byKind.TryGetValue(kind, out var list) ? list : [];

    /// <summary>
    /// Which global chunk and micro-batch each pass of a kind is: the k-th pass of a chunk is of micro-batch k on every stage, as pipeline
    /// schedules take micro-batches in order. The ids in traces are not relied on: some writers leave them out.
    /// </summary>
    public IEnumerable<(int Operation, PassId Id)> Numbered(OperationKind kind, int stages)
    {
        var counts = new Dictionary<int, int>();
        foreach (var operation in Of(kind))
        {
            var chunk = _all[operation].Chunk;
            var count = counts.GetValueOrDefault(chunk);
            counts[chunk] = count + 1;
            yield return (operation, new PassId((chunk * stages) + _all[operation].Worker.Stage, count));
        }
    }

    // A communication that waited begins early in one kind of trace and late in another; its end is the same in both.
    private int Compare(bool byEnd, int a, int b)
    {
        var (x, y) = (_all[a], _all[b]);
        var order = byEnd ? x.Sequence.CompareTo(y.Sequence) : x.Start.CompareTo(y.Start);
        if (order == 0)
            order = byEnd ? x.End.CompareTo(y.End) : x.Sequence.CompareTo(y.Sequence);
        return order != 0 ? order : a.CompareTo(b);
    }
}

/// <summary>A pass of one micro-batch through one chunk of the whole model.</summary>
/// <param name="Chunk">The chunk, counted through all stages: the stages' first chunks, then their second ones.</param>
/// <param name="MicroBatch">The micro-batch, from 0.</param>
internal readonly record struct PassId(int Chunk, int MicroBatch);
