namespace Observability.Metrics;

/// <summary>A sum with what rounding took from it.</summary>
internal readonly record struct Compensated(double Sum, double Lost)
{
    public static Compensated Join(in Compensated left, in Compensated right)
    {
        var total = left.Sum + right.Sum;
        // Knuth's two-sum: exact whichever is larger, and no branch to guess wrong.
        var added = total - left.Sum;
        var rounding = left.Sum - (total - added) + (right.Sum - added);
        return new Compensated(total, left.Lost + right.Lost + rounding);
    }
}

internal readonly struct SumFold : IWindowFold<Compensated>
{
    public static Compensated Of(double value) => new(value, 0);

    public static Compensated Join(in Compensated left, in Compensated right) => Compensated.Join(left, right);

    public static double Result(in Compensated state, int count) => state.Sum + state.Lost;
}

internal readonly struct AverageFold : IWindowFold<Compensated>
{
    public static Compensated Of(double value) => new(value, 0);

    public static Compensated Join(in Compensated left, in Compensated right) => Compensated.Join(left, right);

    public static double Result(in Compensated state, int count) => (state.Sum / count) + (state.Lost / count);
}

internal readonly struct MinFold : IWindowFold<double>
{
    public static double Of(double value) => value;

    public static double Join(in double left, in double right) => right < left || double.IsNaN(left) ? right : left;

    public static double Result(in double state, int count) => state;
}

internal readonly struct MaxFold : IWindowFold<double>
{
    public static double Of(double value) => value;

    public static double Join(in double left, in double right) => right > left || double.IsNaN(left) ? right : left;

    public static double Result(in double state, int count) => state;
}

/// <summary>Mean and squared distance from it of a run, joined after Chan, Golub and LeVeque (1979).</summary>
internal readonly record struct Moments(double Count, double Mean, double Squares);

internal readonly struct VarianceFold : IWindowFold<Moments>
{
    // Inf times zero is NaN from the first sample on, as upstream has it.
    public static Moments Of(double value) => new(1, value, value - value);

    public static Moments Join(in Moments left, in Moments right)
    {
        var count = left.Count + right.Count;
        var distance = right.Mean - left.Mean;
        return new Moments(
            count,
            left.Mean + (distance * (right.Count / count)),
            left.Squares + right.Squares + (distance * distance * (left.Count * right.Count / count)));
    }

    public static double Result(in Moments state, int count) => state.Squares / state.Count;
}

internal readonly struct DeviationFold : IWindowFold<Moments>
{
    public static Moments Of(double value) => VarianceFold.Of(value);

    public static Moments Join(in Moments left, in Moments right) => VarianceFold.Join(left, right);

    public static double Result(in Moments state, int count) => Math.Sqrt(state.Squares / state.Count);
}
