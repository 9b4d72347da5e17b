namespace Observability.Collectors;

/// <summary>One data point. Histogram and summary fields are empty for numbers.</summary>
internal sealed class OtlpPoint
{
    public List<KeyValuePair<string, string>> Attributes { get; } = [];

    public ulong TimeUnixNano { get; set; }

    public double Value { get; set; }

    /// <summary>True where the flag "no recorded value" is set: the series has ended.</summary>
    public bool NoRecordedValue { get; set; }

    public ulong Count { get; set; }

    public double? Sum { get; set; }

    public List<ulong> BucketCounts { get; } = [];

    public List<double> Bounds { get; } = [];

    /// <summary>What an exponential histogram has in place of bounds.</summary>
    public ExponentialData? Exponential { get; set; }

    public List<(double Quantile, double Value)> Quantiles { get; } = [];
}
