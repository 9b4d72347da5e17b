namespace Observability.Metrics;

/// <summary>The samples of one series in one window; never empty.</summary>
internal readonly ref struct RangeWindow(ReadOnlySpan<long> times, ReadOnlySpan<double> values)
{
    public readonly ReadOnlySpan<long> Times = times;

    public readonly ReadOnlySpan<double> Values = values;

    /// <summary>Left edge in Unix milliseconds.</summary>
    public long Start { get; init; }

    /// <summary>Right edge in Unix milliseconds.</summary>
    public long End { get; init; }

    /// <summary>The evaluation time, which offset and <c>@</c> do not move.</summary>
    public long Now { get; init; }

    /// <summary>True draws counters out as Prometheus 2.x did.</summary>
    public bool CutsFirst { get; init; }

    /// <summary>The scalar argument, where the function has one.</summary>
    public double Parameter { get; init; }

    /// <summary>The second scalar argument, where the function has one.</summary>
    public double SecondParameter { get; init; }
}
