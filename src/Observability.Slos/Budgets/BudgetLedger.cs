using Observability.Model;

namespace Observability.Slos;

/// <summary>
/// Good and total of one SLO in buckets of equal length, with their running sums: any window is a difference of two
/// sums, however long it is. The raw values stay, so that an exclusion can be taken out afterwards.
/// </summary>
internal sealed class BudgetLedger
{
    private readonly Bucket[] _ring;
    private readonly BudgetingMethod _method;
    private readonly double _sliceTarget;
    private readonly List<BudgetExclusion> _exclusions = [];
    private long _first = -1;
    private long _head = -1;

    public BudgetLedger(SloSpec slo, SloOptions options)
    {
        (_method, _sliceTarget) = (slo.Method, slo.TimeSliceTarget);
        Length = slo.Method != BudgetingMethod.Occurrences ? slo.TimeSlice
            : slo.Window > options.LongWindow ? options.LongBucket : options.Bucket;
        // A calendar month or quarter may be longer than its nominal length.
        var kept = slo.BurnRates.Select(row => row.LongWindow).Append(slo.Window + TimeSpan.FromDays(slo.CalendarMonths > 0 ? 3 : 0)).Max();
        _ring = new Bucket[(int)(kept / Length) + 3];
    }

    /// <summary>Length of a bucket.</summary>
    public TimeSpan Length { get; }

    /// <summary>Start of the oldest bucket; null where there is none yet.</summary>
    public DateTimeOffset? Since => _first < 0 ? null : StartOf(_first);

    /// <summary>Start of the newest bucket; null where there is none yet.</summary>
    public DateTimeOffset? Newest => _head < 0 ? null : StartOf(_head);

    public IReadOnlyList<BudgetExclusion> Exclusions => _exclusions;

    /// <summary>The bucket of a time.</summary>
    public long IndexOf(DateTimeOffset at) => at.UtcTicks / Length.Ticks;

    public DateTimeOffset StartOf(long bucket) => new(bucket * Length.Ticks, TimeSpan.Zero);

    /// <summary>Moves on to the bucket of <paramref name="now"/>; slices that have ended count from here on.</summary>
    public void Advance(DateTimeOffset now)
    {
        var bucket = IndexOf(now);
        if (_head < 0)
            (_first, _head) = (bucket, bucket - 1);
        if (bucket - _head > _ring.Length)
            Restart(bucket);
        while (_head < bucket)
        {
            // Moved on before counting: the slice that was open has ended.
            var ended = _head++;
            var sum = Counted(ended);
            At(_head) = new Bucket { SumGood = sum.Good, SumTotal = sum.Total };
            _first = Math.Max(_first, _head - _ring.Length + 1);
        }
    }

    /// <summary>Adds to the bucket of the last <see cref="Advance"/>.</summary>
    public void Add(Measurement measurement)
    {
        ref var bucket = ref At(_head);
        bucket.Good += measurement.Good;
        bucket.Total += measurement.Total;
    }

    /// <summary>Counted good and total of the buckets that begin in [from, to).</summary>
    public Measurement Sum(DateTimeOffset from, DateTimeOffset to)
    {
        var end = Math.Min(_head, IndexOf(to - TimeSpan.FromTicks(1)));
        var begin = Math.Max(_first, IndexOf(from + Length - TimeSpan.FromTicks(1)));
        if (_head < 0 || begin > end)
            return default;
        var (upper, lower) = (Counted(end), Before(begin));
        // Differences of long sums carry rounding noise below zero.
        return Measurement.Of(upper.Good - lower.Good, upper.Total - lower.Total);
    }

    /// <summary>Takes a stretch of time out of the budget, or gives the same answers again where it is taken out already.</summary>
    public void Exclude(BudgetExclusion exclusion)
    {
        if (_exclusions.Contains(exclusion))
            return;
        _exclusions.Add(exclusion);
        Recount();
    }

    public LedgerState Export(string sloId, IReadOnlyDictionary<string, DateTimeOffset> burning) => new()
    {
        SloId = sloId,
        Bucket = Length,
        FirstBucket = Math.Max(0, _first),
        Good = [.. Raw().Select(bucket => bucket.Good)],
        Total = [.. Raw().Select(bucket => bucket.Total)],
        Exclusions = [.. _exclusions],
        Burning = new SortedDictionary<string, DateTimeOffset>(new Dictionary<string, DateTimeOffset>(burning), StringComparer.Ordinal),
    };

    public void Import(LedgerState state)
    {
        var count = Math.Min(state.Good.Count, state.Total.Count);
        var skip = Math.Max(0, count - _ring.Length);
        Array.Clear(_ring);
        _exclusions.Clear();
        _exclusions.AddRange(state.Exclusions);
        (_first, _head) = count == 0 ? (-1, -1) : (state.FirstBucket + skip, state.FirstBucket + count - 1);
        for (var i = skip; i < count; i++)
            At(state.FirstBucket + i) = new Bucket { Good = state.Good[i], Total = state.Total[i] };
        Recount();
    }

    private IEnumerable<Bucket> Raw()
    {
        for (var bucket = _first; bucket >= 0 && bucket <= _head; bucket++)
            yield return At(bucket);
    }

    private void Restart(long bucket)
    {
        Array.Clear(_ring);
        (_first, _head) = (bucket, bucket - 1);
    }

    private void Recount()
    {
        var sum = default(Measurement);
        for (var bucket = _first; bucket >= 0 && bucket <= _head; bucket++)
        {
            (At(bucket).SumGood, At(bucket).SumTotal) = (sum.Good, sum.Total);
            sum = Counted(bucket);
        }
    }

    // Sums up to and including a bucket.
    private Measurement Counted(long index)
    {
        if (_first < 0 || index < _first)
            return default;
        var bucket = At(index);
        var own = Own(index, bucket);
        return new Measurement(bucket.SumGood + own.Good, bucket.SumTotal + own.Total);
    }

    private Measurement Before(long index) => new(At(index).SumGood, At(index).SumTotal);

    private Measurement Own(long index, Bucket bucket)
    {
        if (bucket.Total <= 0 || IsExcluded(index))
            return default;
        if (_method == BudgetingMethod.Occurrences)
            return new Measurement(bucket.Good, bucket.Total);
        // An open slice is neither good nor bad yet.
        if (index == _head)
            return default;
        var ratio = bucket.Good / bucket.Total;
        return new Measurement(_method == BudgetingMethod.RatioTimeslices ? ratio : ratio >= _sliceTarget ? 1 : 0, 1);
    }

    private bool IsExcluded(long index)
    {
        var start = StartOf(index);
        foreach (var exclusion in _exclusions)
        {
            if (exclusion.From < start + Length && start < exclusion.To)
                return true;
        }

        return false;
    }

    private ref Bucket At(long index) => ref _ring[(int)(index % _ring.Length)];

    private struct Bucket
    {
        public double Good;
        public double Total;

        // Counted sums of all buckets before this one.
        public double SumGood;
        public double SumTotal;
    }
}
