using System.Text;

namespace Observability.Simulator;

/// <summary>A job's log: the newest part of it, addressed by the offset since its beginning.</summary>
internal sealed class JobLog
{
    /// <summary>Characters kept; beyond them the older half goes.</summary>
    public const int Capacity = 1 << 20;

    private readonly StringBuilder _text = new();

    /// <summary>Offset of the first character that is still kept.</summary>
    public long Start { get; private set; }

    /// <summary>Told of each line.</summary>
    public Action<string>? Written { get; set; }

    public void Write(string line)
    {
        Written?.Invoke(line);
        _text.Append(line).Append('\n');
        if (_text.Length <= Capacity)
            return;
        var cut = _text.Length - (Capacity / 2);
        // A reader that is behind must not get half a line.
        while (cut < _text.Length && _text[cut - 1] != '\n')
            cut++;
        _text.Remove(0, cut);
        Start += cut;
    }

    /// <summary>What was written after an offset, and the offset to ask for next.</summary>
    public (string Text, long Next) After(long offset)
    {
        var from = (int)Math.Clamp(offset - Start, 0, _text.Length);
        return (_text.ToString(from, _text.Length - from), Start + _text.Length);
    }
}
