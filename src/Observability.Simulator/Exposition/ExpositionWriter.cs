using System.Buffers;
using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>Writes Prometheus text format 0.0.4 as UTF-8, without a string per line.</summary>
/// <param name="onlyWhatMatters">True to leave out families that nothing of the platform reads.</param>
internal sealed class ExpositionWriter(bool onlyWhatMatters = false) : IReadingSink
{
    private const int LongestNumber = 32;

    private readonly ArrayBufferWriter<byte> _text = new(64 * 1024);
    private long? _stated;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Text => _text.WrittenMemory;

    public bool Begin(ExpositionFamily family)
    {
        if (onlyWhatMatters && !family.Matters)
            return false;
        _text.Write(family.Header);
        return true;
    }

    public void Sample(ExpositionFamily family, byte[] labels, string extra, double value)
    {
        _text.Write(family.NameText);
        if (labels.Length > 0)
        {
            _text.Write("{"u8);
            _text.Write(labels);
            if (extra.Length > 0)
                _text.Advance(Encoding.UTF8.GetBytes(extra, _text.GetSpan(Encoding.UTF8.GetMaxByteCount(extra.Length))));
            _text.Write("} "u8);
        }
        else
        {
            _text.Write(" "u8);
        }

        Write(_text, value);
        if (_stated is { } milliseconds)
        {
            _text.Write(" "u8);
            Write(_text, milliseconds);
        }

        _text.Write("\n"u8);
    }

    public void Stated(DateTimeOffset at) => _stated = at.ToUnixTimeMilliseconds();

    /// <summary>Writes a number as the shortest text that reads back the same.</summary>
    public static void Write(IBufferWriter<byte> text, double value)
    {
        // Most of what an exporter says are small whole numbers, and those are cheaper.
        var whole = (long)value;
        var span = text.GetSpan(LongestNumber);
        var written = 0;
        if (whole == value && Math.Abs(whole) < 1_000_000_000_000_000)
            whole.TryFormat(span, out written, default, CultureInfo.InvariantCulture);
        else
            value.TryFormat(span, out written, "R", CultureInfo.InvariantCulture);
        text.Advance(written);
    }

    public override string ToString() => Encoding.UTF8.GetString(_text.WrittenSpan);
}
