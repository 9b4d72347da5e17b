using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>A node's kernel log: a bounded ring, as <c>/dev/kmsg</c> gives it.</summary>
internal sealed class KernelLog(DateTimeOffset boot)
{
    /// <summary>Lines kept; beyond them the oldest goes.</summary>
    public const int Capacity = 4_096;

    private readonly Queue<(long Sequence, string Line)> _lines = new();
    private long _next;

    /// <summary>Adds a line; 3 is an error, 4 a warning, 6 information.</summary>
    public void Write(DateTimeOffset at, int priority, string message)
    {
        var microseconds = (at - boot).Ticks / TimeSpan.TicksPerMicrosecond;
        _lines.Enqueue((_next, string.Create(CultureInfo.InvariantCulture, $"{priority},{_next},{microseconds},-;{message}")));
        _next++;
        if (_lines.Count > Capacity)
            _lines.Dequeue();
    }

    /// <summary>All lines after a sequence number.</summary>
    public string After(long sequence)
    {
        var text = new StringBuilder();
        foreach (var (number, line) in _lines)
        {
            if (number > sequence)
                text.Append(line).Append('\n');
        }

        return text.ToString();
    }
}
