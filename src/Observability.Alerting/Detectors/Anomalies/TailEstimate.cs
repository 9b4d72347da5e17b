namespace Observability.Alerting;

/// <summary>
/// How rare a value is among all that came before it. Inside the values seen it counts; beyond the largest few per cent it continues with
/// the power law that they follow (Hill 1975, as in peaks over threshold), because a count alone cannot tell a record by a hair from a
/// record by a factor of a hundred. Values are kept as counts and sums of logarithms in bins of 2 % width, so the state does not grow.
/// </summary>
internal sealed class TailEstimate(double tailRatio)
{
    private const double LogWidth = 0.02;
    private const int Bins = 2_048; // From the first value down and up by a factor of 8e8; below, all is "small".
    private const int FewestRows = 20;
    private const int FewestInTail = 5;
    private const double MostSurprise = 30;

    // Beyond this many rows what is old counts half, and again: a series may change its habits.
    private const double HalvingRows = 50_000;

    private readonly float[] _counts = new float[Bins];
    private readonly double[] _logs = new double[Bins];
    private double _total;
    private int _lowest;
    private bool _isPlaced;

    /// <summary>-log10 of the probability of a value at least this large; zero while there is too little to compare with.</summary>
    public double SurpriseOf(double value)
    {
        if (!(value > 0) || _total < FewestRows)
            return 0;
        var slot = _isPlaced ? Math.Clamp(IndexOf(value) - (long)_lowest, 0, Bins) : Bins;
        var inTail = Math.Floor(Math.Max(FewestInTail, _total * tailRatio));
        double above = 0, sum = 0, taken = 0;
        var start = -1;
        for (var at = Bins - 1; at >= 0 && (start < 0 || at >= slot); at--)
        {
            double count = _counts[at];
            if (count == 0)
                continue;
            if (at >= slot)
                above += count;
            if (start >= 0)
                continue;
            var take = Math.Min(count, inTail - taken);
            (taken, sum) = (taken + take, sum + (take * _logs[at] / count));
            if (take < count)
                start = at;
        }

        var counted = (above + 1) / (_total + 1);
        // The lowest bin holds all that is small: where it begins is not known.
        if (above > inTail || start <= 0 || slot <= start)
            return -Math.Log10(counted);
        var startLog = _logs[start] / _counts[start];
        var spread = Math.Max(LogWidth, (sum / taken) - startLog);
        var surprise = -Math.Log10((inTail + 1) / (_total + 1)) + ((Math.Log(value) - startLog) / spread / Math.Log(10));
        return Math.Clamp(surprise, 0, MostSurprise);
    }

    /// <summary>Remembers a value.</summary>
    public void Add(double value)
    {
        if (_total >= HalvingRows)
            Halve();
        _total++;
        if (!(value > 0))
            return; // Counts among all, below every bin.
        var slot = Place(IndexOf(value));
        _counts[slot]++;
        _logs[slot] += Math.Log(value);
    }

    private static int IndexOf(double value) => (int)Math.Floor(Math.Log(value) / LogWidth);

    private int Place(int index)
    {
        if (!_isPlaced)
            (_isPlaced, _lowest) = (true, index - (Bins / 2));
        var over = index - (_lowest + Bins - 1);
        if (over > 0)
            Raise(over);
        return Math.Max(0, index - _lowest);
    }

    // Makes room above: the lowest bins become one.
    private void Raise(int slots)
    {
        var merged = Math.Min(slots, Bins - 1);
        for (var at = 0; at < merged; at++)
        {
            _counts[merged] += _counts[at];
            _logs[merged] += _logs[at];
        }

        Move(_counts, merged);
        Move(_logs, merged);
        _lowest += slots;
    }

    private static void Move<T>(T[] bins, int slots)
    {
        Array.Copy(bins, slots, bins, 0, Bins - slots);
        Array.Clear(bins, Bins - slots, slots);
    }

    private void Halve()
    {
        for (var at = 0; at < Bins; at++)
        {
            _counts[at] /= 2;
            _logs[at] /= 2;
        }

        _total /= 2;
    }
}
