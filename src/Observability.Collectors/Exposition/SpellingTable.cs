using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// The spellings of a target's series, found by their bytes, under numbers from 1. Their bytes lie side by side in the order of the text, in which
/// they are compared again.
/// </summary>
internal sealed class SpellingTable
{
    private const int First = 64;
    private const int FirstBytes = 4_096;
    private const int MostBytesKept = 16 * 1_024 * 1_024;

    private CachedSeries[] _entries = new CachedSeries[First];
    private int[] _buckets = new int[First];
    private byte[] _text = new byte[FirstBytes];
    private int _used = 1;
    private int _written;

    /// <summary>Spellings held.</summary>
    public int Count => _used - 1;

    /// <summary>An entry by its number; number 0 is what stands before the first. The reference holds until the next is added.</summary>
    public ref CachedSeries this[int number] => ref _entries[number];

    /// <summary>The bytes of an entry; they hold until the next is added.</summary>
    public ReadOnlySpan<byte> Raw(int number)
    {
        ref var entry = ref _entries[number];
        return _text.AsSpan(entry.Start, entry.Length);
    }

    /// <summary>Number of a spelling, 0 where it is not known, and its hash for <see cref="Add"/>.</summary>
    public int Find(ReadOnlySpan<byte> raw, out int hash)
    {
        var full = TextHash.Of(raw);
        hash = (int)(full ^ (full >> 32));
        var number = _buckets[hash & (_buckets.Length - 1)];
        while (number != 0 && !(_entries[number].Hash == hash && raw.SequenceEqual(Raw(number))))
            number = _entries[number].Chained;
        return number;
    }

    /// <summary>Adds a spelling that is not known.</summary>
    public int Add(ReadOnlySpan<byte> raw, int hash, int series)
    {
        if (_used == _entries.Length)
            Grow();
        if (raw.Length > _text.Length - _written)
            Array.Resize(ref _text, Math.Max(_text.Length * 2, checked(_written + raw.Length)));
        raw.CopyTo(_text.AsSpan(_written));
        _entries[_used] = new CachedSeries { Start = _written, Length = raw.Length, Hash = hash, Series = series };
        _written += raw.Length;
        Chain(_used);
        return _used++;
    }

    /// <summary>Forgets all and keeps room for no more than <paramref name="room"/>.</summary>
    public void Clear(int room)
    {
        if (_entries.Length > room)
            (_entries, _buckets) = (new CachedSeries[First], new int[First]);
        if (_text.Length > MostBytesKept)
            _text = new byte[FirstBytes];
        Array.Clear(_buckets);
        (_used, _written) = (1, 0);
        _entries[0] = default;
    }

    private void Grow()
    {
        Array.Resize(ref _entries, _entries.Length * 2);
        _buckets = new int[_entries.Length];
        for (var number = 1; number < _used; number++)
            Chain(number);
    }

    private void Chain(int number)
    {
        ref var head = ref _buckets[_entries[number].Hash & (_buckets.Length - 1)];
        (_entries[number].Chained, head) = (head, number);
    }
}
