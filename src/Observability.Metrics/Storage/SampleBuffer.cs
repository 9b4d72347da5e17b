using Observability.Model;

namespace Observability.Metrics;

/// <summary>Decoded samples in two parallel arrays, oldest first.</summary>
internal sealed class SampleBuffer
{
    private long[] _times = [];
    private double[] _values = [];

    public int Count { get; private set; }

    public ReadOnlySpan<long> Times => _times.AsSpan(0, Count);

    public ReadOnlySpan<double> Values => _values.AsSpan(0, Count);

    public void Add(long time, double value)
    {
        if (Count == _times.Length)
            Grow(Count + 1);
        _times[Count] = time;
        _values[Count++] = value;
    }

    /// <summary>Adds all of another buffer.</summary>
    public void Add(SampleBuffer others)
    {
        Reserve(others.Count, out var times, out var values);
        others.Times.CopyTo(times);
        others.Values.CopyTo(values);
        Advance(others.Count);
    }

    /// <summary>Room for so many further samples, to be filled from the front; <see cref="Advance"/> says how many were.</summary>
    public void Reserve(int count, out Span<long> times, out Span<double> values)
    {
        if (Count + count > _times.Length)
            Grow(Count + count);
        times = _times.AsSpan(Count, count);
        values = _values.AsSpan(Count, count);
    }

    /// <summary>Takes in the first samples of what was reserved.</summary>
    public void Advance(int count) => Count += count;

    /// <summary>Forgets the samples and keeps the room for the next ones.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes the stale markers out; range functions do not see them.</summary>
    public void RemoveStale()
    {
        var kept = 0;
        for (var i = 0; i < Count; i++)
        {
            if (StaleMarker.Is(_values[i]))
                continue;
            _times[kept] = _times[i];
            _values[kept++] = _values[i];
        }

        Count = kept;
    }

    private void Grow(int least)
    {
        var size = Math.Max(Math.Max(16, least), Count * 2);
        Array.Resize(ref _times, size);
        Array.Resize(ref _values, size);
    }
}
