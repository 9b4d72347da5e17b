using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Adds delta points up, so that they become the counters that Prometheus knows. Totals begin at zero with the first point after a
/// start of this process, which <c>rate()</c> sees as a reset. Buckets are added by their bound, so that a sender may change its bounds.
/// Safe for one caller at a time.
/// </summary>
internal sealed class OtlpDeltas(int limit = OtlpDeltas.DefaultLimit)
{
    private const int DefaultLimit = 500_000;

    // A series that was silent for so long makes room when there is none left.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly Dictionary<LabelSet, Total> _totals = [];

    /// <summary>Series being added up.</summary>
    public int Count => _totals.Count;

    /// <summary>Makes a delta point cumulative; a text says why it cannot.</summary>
    /// <param name="series">Name and labels of the point.</param>
    /// <param name="at">Its time in milliseconds.</param>
    /// <param name="point">The point, changed in place.</param>
    public string Accumulate(LabelSet series, long at, OtlpPoint point)
    {
        if (!_totals.TryGetValue(series, out var total))
        {
            if (_totals.Count >= limit)
                Forget(at - (long)Idle.TotalMilliseconds);
            if (_totals.Count >= limit)
                return $"more than {limit} delta series; set the exporter's temporality preference to cumulative";
            _totals[series] = total = new Total();
        }

        // The same interval again would be counted twice.
        if (at <= total.At)
            return "a delta point of this time or a later one was added already";
        total.At = at;
        total.Add(point);
        return "";
    }

    /// <summary>Ends a series: its total begins anew when it comes back.</summary>
    public void End(LabelSet series) => _totals.Remove(series);

    private void Forget(long before)
    {
        foreach (var series in _totals.Where(pair => pair.Value.At < before).Select(pair => pair.Key).ToList())
            _totals.Remove(series);
    }

    private sealed class Total
    {
        private readonly SortedDictionary<double, ulong> _buckets = [];
        private double _value;
        private double _sum;
        private ulong _count;

        public long At { get; set; } = long.MinValue;

        public void Add(OtlpPoint point)
        {
            point.Value = _value += point.Value;
            point.Count = _count += point.Count;
            if (point.Sum is { } sum)
                point.Sum = _sum += sum;
            if (point.BucketCounts.Count == 0)
                return;
            for (var i = 0; i < point.BucketCounts.Count; i++)
            {
                var bound = i < point.Bounds.Count ? point.Bounds[i] : double.PositiveInfinity;
                _buckets[bound] = _buckets.GetValueOrDefault(bound) + point.BucketCounts[i];
            }

            point.Bounds.Clear();
            point.BucketCounts.Clear();
            foreach (var (bound, count) in _buckets)
            {
                if (!double.IsPositiveInfinity(bound))
                    point.Bounds.Add(bound);
                point.BucketCounts.Add(count);
            }

            if (!_buckets.ContainsKey(double.PositiveInfinity))
                point.BucketCounts.Add(0);
        }
    }
}
