namespace Observability.Collectors;

/// <summary>
/// Bytes of many spellings in few arrays, side by side in the order of the text in which they are compared again: an array for each cost as much
/// as its label set.
/// </summary>
internal sealed class SpellingText
{
    private const int FirstBytes = 1_024;

    // Below the size from which arrays are large objects.
    private const int MostBytes = 65_536;

    // Room for one huge body is not kept for the small ones behind it.
    private const int MostBlocks = 64;

    private readonly List<byte[]> _blocks = [];
    private int _current = -1;
    private int _used;

    /// <summary>Copies some bytes.</summary>
    public ArraySegment<byte> Keep(ReadOnlySpan<byte> text)
    {
        if (_current < 0 || text.Length > _blocks[_current].Length - _used)
            Next(text.Length);
        var block = _blocks[_current];
        text.CopyTo(block.AsSpan(_used));
        var kept = new ArraySegment<byte>(block, _used, text.Length);
        _used += text.Length;
        return kept;
    }

    /// <summary>Begins anew in the same room: only when nobody holds what was kept.</summary>
    public void Clear()
    {
        if (_blocks.Count > MostBlocks)
            _blocks.RemoveRange(MostBlocks, _blocks.Count - MostBlocks);
        (_current, _used) = (-1, 0);
    }

    /// <summary>Begins anew and leaves the room to those who hold what was kept.</summary>
    public void Release()
    {
        _blocks.Clear();
        Clear();
    }

    private void Next(int least)
    {
        (_current, _used) = (_current + 1, 0);
        if (_current < _blocks.Count && _blocks[_current].Length >= least)
            return;
        var before = _current == 0 ? 0 : _blocks[_current - 1].Length;
        _blocks.Insert(_current, GC.AllocateUninitializedArray<byte>(Math.Max(least, Math.Clamp(before * 2, FirstBytes, MostBytes))));
    }
}
