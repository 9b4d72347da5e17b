namespace Observability.Metrics;

/// <summary>The ends of a window's samples, and how their change is drawn out to the window's own edges.</summary>
internal readonly record struct CounterLine(long FirstTime, long LastTime, double FirstValue, int Count)
{
    // A gap beyond 110 % of the average sample distance means that the series starts or ends inside the window.
    private const double ExtrapolationThreshold = 1.1;

    public long Start { get; init; }

    public long End { get; init; }

    /// <summary>True asks whether the series starts inside the window only after its line was cut at zero, as 2.x did.</summary>
    public bool CutsFirst { get; init; }

    /// <summary>The change over the window, or per second of it (https://prometheus.io/docs/prometheus/latest/querying/functions/#rate).</summary>
    public double Extrapolate(double change, bool isCounter, bool perSecond)
    {
        var sampled = (LastTime - FirstTime) / 1000.0;
        var average = sampled / (Count - 1);
        var toStart = (FirstTime - Start) / 1000.0;
        var toEnd = (End - LastTime) / 1000.0;
        // A counter cannot have been below zero, so its line is not drawn back further than that.
        var toZero = isCounter && change > 0 && FirstValue >= 0 ? sampled * (FirstValue / change) : double.PositiveInfinity;
        if (CutsFirst)
            toStart = Math.Min(toStart, toZero);
        if (toStart >= average * ExtrapolationThreshold)
            toStart = average / 2;
        if (!CutsFirst)
            toStart = Math.Min(toStart, toZero);
        if (toEnd >= average * ExtrapolationThreshold)
            toEnd = average / 2;
        var factor = (sampled + toStart + toEnd) / sampled;
        if (perSecond)
            factor /= (End - Start) / 1000.0;
        return change * factor;
    }
}
