using Observability.Model;

namespace Observability.Metrics;

/// <summary>One series of an instant vector over all steps. A step without a sample holds the stale marker's bits.</summary>
internal sealed class VectorSeries(LabelSet labels, double[] values)
{
    public LabelSet Labels { get; } = labels;

    public double[] Values { get; } = values;

    /// <summary>True where the metric name goes at the end of the query (delayed name removal).</summary>
    public bool DropsName { get; init; }

    /// <summary>No sample at this step. Arithmetic cannot produce these bits: it makes a NaN quiet.</summary>
    public static double Absent { get; } = StaleMarker.Value;

    public static bool IsAbsent(double value) => StaleMarker.Is(value);

    public static double[] NoValues(int count)
    {
        var values = new double[count];
        Array.Fill(values, Absent);
        return values;
    }
}
