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
        {
            var size = Math.Max(16, Count * 2);
            Array.Resize(ref _times, size);
            Array.Resize(ref _values, size);
        }

        _times[Count] = time;
        _values[Count++] = value;
    }

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
}
