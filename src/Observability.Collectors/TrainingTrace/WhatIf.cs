namespace Observability.Collectors;

/// <summary>
/// Step times of a trace under other durations. Ideal is an operation that takes what its type takes on all workers, stages and steps: the
/// mean of a computation, the median of a communication, whose mean a few hold-ups would move.
/// </summary>
internal sealed class WhatIf
{
    private readonly OperationGraph _graph;
    private readonly double[] _real;
    private readonly double[] _ideal;

    public WhatIf(TrainingTrace trace)
    {
        Operations = [.. trace.Operations];
        (_graph, _real) = StepGraphs.Of(trace.Operations);
        _ideal = Ideal(Operations, _real);
        (RealSeconds, IdealSeconds) = (Mean(_real), Mean(_ideal));
    }

    /// <summary>The operations, in the order of all durations here.</summary>
    public TraceOperation[] Operations { get; }

    /// <summary>How long each operation really took once its group began, in seconds.</summary>
    public ReadOnlySpan<double> Real => _real;

    /// <summary>Mean step time without launch delays.</summary>
    public double RealSeconds { get; }

    /// <summary>Mean step time where everything is ideal.</summary>
    public double IdealSeconds { get; }

    /// <summary>S: real over ideal.</summary>
    public double Slowdown => IdealSeconds > 0 ? RealSeconds / IdealSeconds : 1;

    /// <summary>The slowdown that remains where only some operations keep their real times.</summary>
    public double Only(Func<TraceOperation, bool> kept)
    {
        var durations = (double[])_ideal.Clone();
        for (var at = 0; at < durations.Length; at++)
        {
            if (kept(Operations[at]))
                durations[at] = _real[at];
        }

        return IdealSeconds > 0 ? Mean(durations) / IdealSeconds : 1;
    }

    /// <summary>Share of the slowdown that goes when some operations take ideal time; may lie outside 0 to 1.</summary>
    public double ShareWithout(Func<TraceOperation, bool> mended) => Share((at, _) => mended(Operations[at]) ? _ideal[at] : _real[at]);

    /// <summary>Share of the slowdown that goes under other durations.</summary>
    /// <param name="duration">The new duration of an operation by its place and its real duration, in seconds.</param>
    public double Share(Func<int, double, double> duration)
    {
        var lost = RealSeconds - IdealSeconds;
        if (lost <= 0)
            return 0;
        var durations = new double[_real.Length];
        for (var at = 0; at < durations.Length; at++)
            durations[at] = duration(at, _real[at]);
        return (RealSeconds - Mean(durations)) / lost;
    }

    private double Mean(double[] durations) => _graph.StepTimes(durations).Average();

    private static double[] Ideal(TraceOperation[] operations, double[] real)
    {
        var ideal = new double[real.Length];
        foreach (var type in Enumerable.Range(0, real.Length).GroupBy(at => (operations[at].Type, operations[at].Kind)))
        {
            var durations = type.Select(at => real[at]).ToArray();
            var value = OperationNames.IsCommunication(type.Key.Kind) ? Median(durations) : durations.Average();
            foreach (var at in type)
                ideal[at] = value;
        }

        return ideal;
    }

    /// <summary>The median; of an even count the mean of the two in the middle. Sorts what it is given.</summary>
    public static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
