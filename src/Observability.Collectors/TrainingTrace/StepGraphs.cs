using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>
/// Builds the graph of all steps of a trace from what pipeline-parallel training does: passes run one after another on a worker's stream;
/// a transfer begins when the pass before it ended and its other side is posted; a pass begins when what it needs has arrived;
/// parameters are gathered before a chunk's first pass and gradients reduced after its last; collectives run one after another.
/// </summary>
internal sealed class StepGraphs
{
    private readonly TraceOperation[] _all;
    private readonly List<int>?[] _waits;
    private readonly Dictionary<(OperationKind, int Step, int Rank, int Chunk, int MicroBatch), List<int>> _transfers = [];
    private readonly Dictionary<(OperationKind, string Type, int Step, int Rank, int Stage, int Number), List<int>> _collectives = [];
    private readonly Dictionary<(OperationKind, int Step, int Rank, int Chunk, int MicroBatch), int> _passes = [];
    private readonly HashSet<int> _fed = [];
    private readonly int _stages;
    private readonly int _chunks;

    private StepGraphs(TraceOperation[] all)
    {
        _all = all;
        _waits = new List<int>?[all.Length];
        _stages = all.Max(operation => operation.Worker.Stage) + 1;
        _chunks = all.Max(operation => operation.Chunk) + 1;
    }

    /// <summary>The graph, and how long each operation took once its group began, in seconds.</summary>
    public static (OperationGraph Graph, double[] Durations) Of(ImmutableArray<TraceOperation> operations)
    {
        var all = operations.ToArray();
        var build = new StepGraphs(all);
        foreach (var own in Enumerable.Range(0, all.Length).GroupBy(operation => (all[operation].Step, all[operation].Worker)))
            build.Add(own.Key.Worker.Stage, new StepOperations(all, own));
        build.LinkUnfed();
        var groups = build.Groups();
        var steps = all.Select(operation => operation.Step).Distinct().Order().Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        var graph = new OperationGraph(groups, build._waits, [.. all.Select(operation => steps[operation.Step])], [.. all.Select(operation => operation.Start)]);
        return (graph, Transfers(all, groups));
    }

    // Of a communication only what is left after its last participant came is its own; the rest was waiting.
    private static double[] Transfers(TraceOperation[] all, List<int[]> groups)
    {
        var durations = new double[all.Length];
        foreach (var group in groups)
        {
            var start = group.Max(member => all[member].Start);
            foreach (var member in group)
                durations[member] = group.Length > 1 ? Math.Max(0, all[member].End - start) : all[member].Duration;
        }

        return durations;
    }

    private void Add(int stage, StepOperations own)
    {
        Chain(own.Passes);
        Link(own, OperationKind.Forward, (OperationKind.ForwardSend, OperationKind.ForwardReceive), 1);
        Link(own, OperationKind.Backward, (OperationKind.BackwardSend, OperationKind.BackwardReceive), -1);
        AddGathers(own);
        AddTail(own);
        foreach (var kind in Enum.GetValues<OperationKind>().Where(kind => kind >= OperationKind.ParameterGather))
        {
            foreach (var list in own.Of(kind).GroupBy(operation => _all[operation].Type))
            {
                foreach (var (number, operation) in list.Index())
                    Group(kind, operation, stage, number);
            }
        }
    }

    private void Link(StepOperations own, OperationKind pass, (OperationKind Send, OperationKind Receive) kinds, int towards)
    {
        var ids = own.Numbered(pass, _stages).ToDictionary(pair => pair.Operation, pair => pair.Id);
        var passes = own.Of(pass);
        var before = passes.Zip(passes.Skip(1)).ToDictionary(pair => pair.Second, pair => pair.First);
        foreach (var (operation, id) in ids)
            _passes[(pass, _all[operation].Step, _all[operation].Worker.DataParallelRank, id.Chunk, id.MicroBatch)] = operation;
        Chain(own.Of(kinds.Send));
        Chain(own.Of(kinds.Receive));
        foreach (var (half, of) in PipelineLinks.Match(_all, passes, own.Of(kinds.Send), (true, operation => Exists(ids[operation].Chunk + towards))))
        {
            Wait(half, of);
            Transfer(pass, half, ids[of], ids[of].Chunk + towards);
        }

        foreach (var (half, of) in PipelineLinks.Match(_all, passes, own.Of(kinds.Receive), (false, operation => Exists(ids[operation].Chunk - towards))))
        {
            Wait(of, half);
            _fed.Add(of);
            // It is posted when the pass before the one it feeds has ended.
            if (before.TryGetValue(of, out var earlier))
                Wait(half, earlier);
            Transfer(pass, half, ids[of] with { Chunk = ids[of].Chunk - towards }, ids[of].Chunk);
        }
    }

    // Where a trace does not show the transfer, the pass still needs what the neighbour computed.
    private void LinkUnfed()
    {
        foreach (var ((kind, step, rank, chunk, microBatch), operation) in _passes)
        {
            if (!_fed.Contains(operation) && _passes.TryGetValue((kind, step, rank, kind == OperationKind.Forward ? chunk - 1 : chunk + 1, microBatch), out var before))
                Wait(operation, before);
        }
    }

    private bool Exists(int chunk) => chunk >= 0 && chunk < _chunks * _stages;

    // Both halves are filed under the sending pass; what has no other side transfers nothing to anybody.
    private void Transfer(OperationKind pass, int half, PassId sender, int receiver)
    {
        if (!Exists(sender.Chunk) || !Exists(receiver))
            return;
        var key = (pass, _all[half].Step, _all[half].Worker.DataParallelRank, sender.Chunk, sender.MicroBatch);
        Add(_transfers, key, half);
    }

    private void AddGathers(StepOperations own)
    {
        var gathers = own.Of(OperationKind.ParameterGather);
        Chain(gathers);
        foreach (var group in own.Of(OperationKind.Forward).GroupBy(operation => _all[operation].Chunk))
        {
            // Of several of a chunk the last one completes it.
            var last = gathers.Where(gather => _all[gather].Chunk == group.Key).DefaultIfEmpty(-1).Last();
            if (last >= 0)
                Wait(group.First(), last);
        }
    }

    // What ends before the first pass leads to it; everything else follows: reductions the last pass of their chunk, the rest the last of all.
    private void AddTail(StepOperations own)
    {
        if (own.Passes.Count == 0)
            return;
        var (first, last) = (own.Passes[0], own.Passes[^1]);
        var others = new[] { OperationKind.Compute, OperationKind.GradientReduce, OperationKind.StageCollective, OperationKind.EmbeddingCollective, OperationKind.GlobalCollective, OperationKind.WorkerCollective }
            .SelectMany(own.Of).OrderBy(operation => _all[operation].End).ThenBy(operation => operation).ToList();
        var before = others.TakeWhile(operation => _all[operation].End <= _all[first].Start).ToList();
        Chain(before);
        if (before.Count > 0)
            Wait(first, before[^1]);
        var lastOfChunk = own.Of(OperationKind.Backward).GroupBy(operation => _all[operation].Chunk).ToDictionary(group => group.Key, group => group.Last());
        var after = others.Skip(before.Count).ToList();
        Chain(after);
        foreach (var operation in after)
            Wait(operation, _all[operation].Kind == OperationKind.GradientReduce && lastOfChunk.TryGetValue(_all[operation].Chunk, out var pass) ? pass : last);
    }

    private void Group(OperationKind kind, int operation, int stage, int number)
    {
        var rank = _all[operation].Worker.DataParallelRank;
        var (ofRank, ofStage) = kind switch
        {
            OperationKind.GlobalCollective => (-1, -1),
            OperationKind.EmbeddingCollective => (rank, -1),
            OperationKind.WorkerCollective => (rank, stage),
            _ => (-1, stage),
        };
        Add(_collectives, (kind, _all[operation].Type, _all[operation].Step, ofRank, ofStage, number), operation);
    }

    private List<int[]> Groups()
    {
        var groups = _transfers.Values.Concat(_collectives.Values).Select(members => members.ToArray()).ToList();
        var grouped = new bool[_all.Length];
        foreach (var member in groups.SelectMany(group => group))
            grouped[member] = true;
        groups.AddRange(Enumerable.Range(0, _all.Length).Where(operation => !grouped[operation]).Select(operation => new[] { operation }));
        return groups;
    }

    private void Chain(IReadOnlyList<int> operations)
    {
        for (var at = 1; at < operations.Count; at++)
            Wait(operations[at], operations[at - 1]);
    }

    private void Wait(int operation, int before) => (_waits[operation] ??= new List<int>(4)).Add(before);

    private static void Add<TKey>(Dictionary<TKey, List<int>> lists, TKey key, int item)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        list.Add(item);
    }
}
