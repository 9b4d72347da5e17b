namespace Observability.Alerting;

/// <summary>What a series was at each time of day over the last week, in slots of five minutes; the latest value of a slot counts.</summary>
internal sealed class DayProfile
{
    private const int Days = 7;
    private const int Slots = 288;
    private const int Reach = 2; // Slots to either side: clocks and jobs are not punctual.
    private const int Fewest = 3;

    private readonly double[] _values = new double[(Days + 1) * Slots];
    private readonly int[] _dates = new int[(Days + 1) * Slots];
    private readonly double[] _candidates = new double[Days * ((2 * Reach) + 1)];

    /// <summary>Distance to the median of the earlier days' values near this time of day; not a number while there are too few.</summary>
    public double DistanceThenAdd(DateTimeOffset at, double value)
    {
        // Day zero is never asked for: an untouched slot has it.
        var day = (int)(at.UtcTicks / TimeSpan.TicksPerDay) + 1;
        var slot = (int)(at.UtcTicks % TimeSpan.TicksPerDay * Slots / TimeSpan.TicksPerDay);
        var found = 0;
        for (var ago = 1; ago <= Days; ago++)
        {
            for (var near = slot - Reach; near <= slot + Reach; near++)
            {
                var absolute = ((long)(day - ago) * Slots) + near;
                if (absolute < Slots)
                    continue;
                var place = (int)(absolute % _values.Length);
                if (_dates[place] == absolute / Slots)
                    _candidates[found++] = _values[place];
            }
        }

        var own = (int)((((long)day * Slots) + slot) % _values.Length);
        (_values[own], _dates[own]) = (value, day);
        if (found < Fewest)
            return double.NaN;
        Array.Sort(_candidates, 0, found);
        return Math.Abs(value - _candidates[found / 2]);
    }
}
