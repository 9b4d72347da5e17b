namespace Observability.Collectors;

/// <summary>The samples of one metric at one time, which must fit each other.</summary>
internal sealed class StrictPoint
{
    private readonly HashSet<string> _samples = new(StringComparer.Ordinal);
    private double? _count;
    private double? _sum;
    private double? _lastBound;
    private double _lastBucket;
    private bool _hasBuckets;
    private bool _hasNegativeBounds;

    /// <summary>Takes the next sample; a reason where it does not follow the ones before it.</summary>
    public string? Add(string family, StrictType type, StrictLine sample)
    {
        if (!_samples.Add($"{sample.Name} {type.InnerLabel(family) is { } inner}{sample.Label(type.InnerLabel(family) ?? "")}") && sample.Time is null)
            return "the same series appears twice";
        switch (sample.Name[family.Length..])
        {
            case "_count" or "_gcount":
                _count = sample.Value;
                return null;
            case "_sum" or "_gsum":
                _sum = sample.Value;
                return null;
            case "_bucket":
                return AddBucket(StrictLine.Number(sample.Label("le")!), sample.Value);
            default:
                return null;
        }
    }

    /// <summary>Why the point is not whole; null where it is.</summary>
    public string? End(StrictType type)
    {
        if (type.Name is not ("histogram" or "gaugehistogram"))
            return null;
        if (!_hasBuckets || !double.IsPositiveInfinity(_lastBound ?? 0))
            return "a histogram needs a bucket with le=\"+Inf\", as its last";
        if ((_count is null) != (_sum is null) && !_hasNegativeBounds)
            return "count and sum of a histogram come together";
        if (_count is { } count && count != _lastBucket)
            return $"the count of {count} is not that of the last bucket, {_lastBucket}";
        if (_sum is not null && _hasNegativeBounds && type.Name == "histogram")
            return "a histogram with negative bounds has no sum";
        return _sum < 0 && !_hasNegativeBounds ? "a sum is negative and no bound is" : null;
    }

    private string? AddBucket(double bound, double value)
    {
        if (_hasBuckets && bound <= _lastBound)
            return "buckets stand in the order of their bounds";
        if (_hasBuckets && value < _lastBucket)
            return "a bucket counts all smaller ones too and cannot be below the one before";
        (_hasBuckets, _lastBound, _lastBucket) = (true, bound, value);
        _hasNegativeBounds |= bound < 0;
        return null;
    }
}
