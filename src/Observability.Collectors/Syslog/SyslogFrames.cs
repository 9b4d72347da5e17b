using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Cuts a TCP stream into messages (RFC 6587): each either preceded by its length in bytes and a space, or ended by a line feed; a
/// sender may change between the two.
/// <code>
/// 83 &lt;3&gt;1 2026-03-01T12:00:00Z node-003 kernel - - - NVRM: …      octet counting
/// &lt;3&gt;Mar  1 12:00:00 node-003 kernel: NVRM: …\n                     line feed
/// </code>
/// </summary>
internal sealed class SyslogFrames(int limit)
{
    private const int CountDigits = 7;

    private byte[] _buffer = new byte[4_096];
    private int _used;
    private int _skip;

    /// <summary>Messages that were longer than the limit; their beginning was kept.</summary>
    public long Cut { get; private set; }

    /// <summary>Takes bytes off the wire and gives the messages that are complete with them.</summary>
    public List<string> Take(ReadOnlySpan<byte> bytes)
    {
        var skipped = Math.Min(_skip, bytes.Length);
        _skip -= skipped;
        bytes = bytes[skipped..];
        if (_used + bytes.Length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
        var messages = new List<string>();
        var from = 0;
        while (from < _used && Next(_buffer.AsSpan(from, _used - from), out var start, out var length, out var whole))
        {
            Add(messages, _buffer.AsSpan(from + start, length));
            from += whole;
        }

        // What is left of a message that was cut is passed over when it comes.
        if (from > _used)
            (_skip, from) = (from - _used, _used);
        _buffer.AsSpan(from, _used - from).CopyTo(_buffer);
        _used -= from;
        return messages;
    }

    // False where more bytes are needed. "whole" may reach beyond the bytes at hand, for a message over the limit.
    private bool Next(ReadOnlySpan<byte> rest, out int start, out int length, out int whole)
    {
        (start, length, whole) = (0, 0, 0);
        if (Counted(rest, out var head) is { } count)
        {
            start = head;
            length = Math.Min(count, limit);
            whole = head + count;
            if (rest.Length < head + length)
                return false;
            Cut += count > limit ? 1 : 0;
            return true;
        }

        var feed = rest.IndexOfAny((byte)'\n', (byte)0);
        if (feed < 0 && rest.Length <= limit)
            return false;
        Cut += feed < 0 || feed > limit ? 1 : 0;
        length = feed < 0 ? limit : Math.Min(feed, limit);
        whole = feed < 0 ? limit : feed + 1;
        return true;
    }

    // The count that precedes a message; null where it begins otherwise. A count that has not arrived whole waits as a line would.
    private static int? Counted(ReadOnlySpan<byte> rest, out int head)
    {
        head = 0;
        var count = 0;
        while (head < rest.Length && head < CountDigits && rest[head] is >= (byte)'0' and <= (byte)'9')
            count = (count * 10) + (rest[head++] - '0');
        if (head == 0 || count == 0 || head + 1 >= rest.Length || rest[head] != ' ' || rest[head + 1] != '<')
            return null;
        head++;
        return count;
    }

    private static void Add(List<string> messages, ReadOnlySpan<byte> message)
    {
        var text = Encoding.UTF8.GetString(message).TrimEnd('\r', '\n');
        if (text.Length > 0)
            messages.Add(text);
    }
}
