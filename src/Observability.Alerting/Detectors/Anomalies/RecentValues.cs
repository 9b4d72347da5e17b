namespace Observability.Alerting;

/// <summary>The latest values of a series and their means over several time scales. Sums are taken anew each time, so no rounding error builds up.</summary>
internal sealed class RecentValues
{
    /// <summary>How many time scales: the last 1, 2, 4, … 128 rows.</summary>
    public const int Scales = 8;

    private const int LevelFactor = 8;

    private readonly double[] _ring;
    private readonly int _levelRows;
    private long _count;

    /// <summary>With room for the longest of its means.</summary>
    public RecentValues(int levelRows)
    {
        _levelRows = levelRows;
        _ring = new double[Math.Max(1 << (Scales - 1), levelRows * LevelFactor)];
    }

    /// <summary>Takes the next value.</summary>
    public void Add(double value) => _ring[_count++ % _ring.Length] = value;

    /// <summary>The mean of the last 1, 2, 4, … rows, or of what there is.</summary>
    /// <param name="means"><see cref="Scales"/> places.</param>
    public void Means(Span<double> means)
    {
        double sum = 0;
        var rows = 0;
        for (var scale = 0; scale < means.Length; scale++)
        {
            var until = (int)Math.Min(1 << scale, _count);
            for (; rows < until; rows++)
                sum += Ago(rows);
            means[scale] = sum / rows;
        }
    }

    /// <summary>Distance between the mean of the last rows and that of the up to seven times as many before; not a number while there are too few.</summary>
    public double LevelChange()
    {
        if (_count <= 2 * _levelRows)
            return double.NaN;
        double latest = 0, before = 0;
        for (var rows = 0; rows < _levelRows; rows++)
            latest += Ago(rows);
        var all = (int)Math.Min(_levelRows * LevelFactor, _count);
        for (var rows = _levelRows; rows < all; rows++)
            before += Ago(rows);
        return Math.Abs((latest / _levelRows) - (before / (all - _levelRows)));
    }

    /// <summary>Size of the latest change; not a number for the first value.</summary>
    public double Jump() => _count < 2 ? double.NaN : Math.Abs(Ago(0) - Ago(1));

    private double Ago(int rows) => _ring[(_count - 1 - rows) % _ring.Length];
}
