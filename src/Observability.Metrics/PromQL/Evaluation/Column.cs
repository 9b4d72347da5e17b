using Observability.Model;

namespace Observability.Metrics;

/// <summary>One series of a vector over all steps of a query; <see cref="Absent"/> where it has no sample.</summary>
internal sealed class Column(LabelSet labels, double[] values)
{
    /// <summary>Marks a step without a sample: the stale marker can never be a result.</summary>
    public static readonly double Absent = StaleMarker.Value;

    public LabelSet Labels { get; } = labels;

    public double[] Values { get; } = values;

    public static bool IsPresent(double value) => !StaleMarker.Is(value);

    public static double[] Empty(int steps)
    {
        var values = new double[steps];
        Array.Fill(values, Absent);
        return values;
    }

    public bool IsEmpty => Array.TrueForAll(Values, StaleMarker.Is);
}
