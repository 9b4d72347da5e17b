using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Observability.Alerting;

/// <summary>
/// Earlier states of a series, and how far a new one is from the most similar of them: k nearest neighbours, the distance measure of
/// KNN-CAD (Burnaev and Ishimtsev 2016), over means on eight time scales where KNN-CAD has single lagged values. What the series did before is
/// never far, whatever its shape; no period and no distribution is assumed.
/// </summary>
internal sealed class StateMemory
{
    private readonly double[] _states;
    private readonly double[] _nearest;
    private readonly int _capacity;
    private readonly int _gap;
    private long _count;

    /// <summary>An empty memory.</summary>
    /// <param name="rows">Most states compared with.</param>
    /// <param name="gap">The latest states, which are not.</param>
    /// <param name="neighbours">How many of the nearest are looked at.</param>
    public StateMemory(int rows, int gap, int neighbours)
    {
        (_capacity, _gap) = (rows + gap, gap);
        _states = new double[_capacity * RecentValues.Scales];
        _nearest = new double[neighbours];
    }

    /// <summary>Mean distance to the nearest states, then remembers this one; not a number while there are too few.</summary>
    /// <param name="state"><see cref="RecentValues.Scales"/> numbers.</param>
    public double DistanceThenAdd(ReadOnlySpan<double> state)
    {
        var distance = Distance(state);
        state.CopyTo(_states.AsSpan((int)(_count++ % _capacity) * RecentValues.Scales));
        return distance;
    }

    private double Distance(ReadOnlySpan<double> state)
    {
        var newest = _count - _gap; // One past the newest that counts.
        if (newest < _nearest.Length)
            return double.NaN;
        Array.Fill(_nearest, double.PositiveInfinity);
        var low = Vector256.Create(state);
        var high = Vector256.Create(state[Vector256<double>.Count..]);
        // The ring holds the states of [_count - _capacity, _count); those of the gap are one piece of it, the others one or two.
        var from = (int)(Math.Max(0, _count - _capacity) % _capacity);
        var length = (int)(newest - Math.Max(0, _count - _capacity));
        var first = Math.Min(length, _capacity - from);
        Search(from, first, low, high);
        Search(0, length - first, low, high);
        double sum = 0;
        foreach (var squared in _nearest)
            sum += Math.Sqrt(squared);
        return sum / _nearest.Length;
    }

    private void Search(int from, int length, Vector256<double> low, Vector256<double> high)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(_states.AsSpan(from * RecentValues.Scales, length * RecentValues.Scales));
        var worst = _nearest[^1];
        for (var at = 0; at + 1 < vectors.Length; at += 2)
        {
            var (first, second) = (vectors[at] - low, vectors[at + 1] - high);
            var squared = Vector256.Sum((first * first) + (second * second));
            if (!(squared < worst))
                continue;
            var place = _nearest.Length - 1;
            for (; place > 0 && _nearest[place - 1] > squared; place--)
                _nearest[place] = _nearest[place - 1];
            _nearest[place] = squared;
            worst = _nearest[^1];
        }
    }
}
