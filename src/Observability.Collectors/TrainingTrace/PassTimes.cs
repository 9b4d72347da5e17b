namespace Observability.Collectors;

/// <summary>
/// The times of the passes taken apart: what the stage is heavier than the others (the median over its copies, so that one slow worker
/// does not count), what a worker is slower than its stage, and what a micro-batch varies within its worker.
/// </summary>
internal sealed class PassTimes
{
    private readonly Dictionary<Cell, Dictionary<int, double>> _means = [];
    private readonly Dictionary<Cell, double> _stages = [];
    private readonly Dictionary<OperationKind, double> _levels;
    private readonly WhatIf _whatIf;

    public PassTimes(WhatIf whatIf)
    {
        _whatIf = whatIf;
        foreach (var group in Places().GroupBy(at => Of(whatIf.Operations[at])))
            _means[group.Key] = group.GroupBy(at => whatIf.Operations[at].Worker.DataParallelRank).ToDictionary(own => own.Key, own => own.Average(at => whatIf.Real[at]));
        foreach (var (cell, means) in _means)
            _stages[cell] = Typical(means.Values);
        CompareSingleCopies();
        _levels = _stages.GroupBy(pair => pair.Key.Kind).ToDictionary(group => group.Key, group => group.Average(pair => pair.Value));
        Workers = whatIf.Operations.Select(operation => operation.Worker).Distinct().ToDictionary(worker => worker, Ratio);
        Stages = _stages.GroupBy(pair => pair.Key.Stage).ToDictionary(
            group => group.Key, group => Quotient(group.Sum(pair => pair.Value), group.Sum(pair => _levels[pair.Key.Kind])));
    }

    /// <summary>How much longer each worker computes than the median of its stage's copies.</summary>
    public IReadOnlyDictionary<TraceWorker, double> Workers { get; }

    /// <summary>How much longer each stage computes than the mean of all stages.</summary>
    public IReadOnlyDictionary<int, double> Stages { get; }

    /// <summary>The time of a pass if all stages had equal work.</summary>
    public double Balanced(int at, double real) => IsPass(at) && Of(_whatIf.Operations[at]) is var cell ? real * Quotient(_levels[cell.Kind], _stages[cell]) : real;

    /// <summary>The time of a pass if some workers were as fast as their stage.</summary>
    public double Levelled(int at, double real, IReadOnlySet<TraceWorker> slow) =>
        IsPass(at) && _whatIf.Operations[at] is var operation && slow.Contains(operation.Worker) ? real / Math.Max(1, Own(operation)) : real;

    /// <summary>The time of a pass if all micro-batches of a worker had equal work.</summary>
    public double Flat(int at, double real) => IsPass(at) && _whatIf.Operations[at] is var operation ? Mean(operation) : real;

    /// <summary>How alike forward and backward times vary from one micro-batch of a worker to the next; 0 where nothing varies.</summary>
    public double Correlation()
    {
        double xy = 0, xx = 0, yy = 0;
        foreach (var own in Places().GroupBy(at => (_whatIf.Operations[at].Worker, _whatIf.Operations[at].Step, _whatIf.Operations[at].Chunk)))
        {
            // Micro-batches come in the same order in both directions.
            var forward = Variation(own, OperationKind.Forward);
            var backward = Variation(own, OperationKind.Backward);
            foreach (var (x, y) in forward.Zip(backward))
                (xy, xx, yy) = (xy + (x * y), xx + (x * x), yy + (y * y));
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }

    // Workers are slower than they should be, hardly ever faster: of two copies the faster one shows what the stage's work takes.
    private static double Typical(IEnumerable<double> means)
    {
        var sorted = means.Order().ToArray();
        return sorted[(sorted.Length - 1) / 2];
    }

    // A stage without copies has no peers but the other stages. Those inside the model hold equal numbers of equal layers; the first and
    // the last hold what the model begins and ends with, so that a difference there is one of work.
    private void CompareSingleCopies()
    {
        var (first, last) = (_means.Keys.Min(cell => cell.Stage), _means.Keys.Max(cell => cell.Stage));
        var inner = _means.Where(pair => pair.Value.Count == 1 && pair.Key.Stage != first && pair.Key.Stage != last).Select(pair => pair.Key);
        foreach (var cells in inner.GroupBy(cell => (cell.Kind, cell.Chunk)).Select(cells => cells.ToList()).Where(cells => cells.Count > 1))
        {
            var typical = Typical(cells.Select(cell => _stages[cell]));
            foreach (var cell in cells)
                _stages[cell] = typical;
        }
    }

    private IEnumerable<double> Variation(IEnumerable<int> places, OperationKind kind) => places
        .Where(at => _whatIf.Operations[at].Kind == kind).OrderBy(at => _whatIf.Operations[at].Start)
        .Select(at => Quotient(_whatIf.Real[at], Mean(_whatIf.Operations[at])) - 1);

    private double Ratio(TraceWorker worker)
    {
        var cells = _means.Where(pair => pair.Key.Stage == worker.Stage && pair.Value.ContainsKey(worker.DataParallelRank)).ToList();
        return Quotient(cells.Sum(pair => pair.Value[worker.DataParallelRank]), cells.Sum(pair => _stages[pair.Key]));
    }

    private double Own(TraceOperation operation) => Quotient(Mean(operation), _stages[Of(operation)]);

    private double Mean(TraceOperation operation) => _means[Of(operation)][operation.Worker.DataParallelRank];

    private static double Quotient(double a, double b) => b > 0 ? a / b : 1;

    private IEnumerable<int> Places() => Enumerable.Range(0, _whatIf.Operations.Length).Where(IsPass);

    private bool IsPass(int at) => _whatIf.Operations[at].Kind is OperationKind.Forward or OperationKind.Backward;

    private static Cell Of(TraceOperation operation) => new(operation.Kind, operation.Worker.Stage, operation.Chunk);

    private readonly record struct Cell(OperationKind Kind, int Stage, int Chunk);
}
