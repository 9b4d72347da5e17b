using System.Globalization;
using System.Text;

namespace Observability.Simulator;

/// <summary>A node's kernel log: a bounded ring, as <c>/dev/kmsg</c> gives it.</summary>
internal sealed class KernelLog(DateTimeOffset boot)
{
    /// <summary>Lines kept; beyond them the oldest goes.</summary>
    public const int Capacity = 4_096;

    private readonly Queue<(long Sequence, DateTimeOffset At, int Priority, string Message)> _lines = new();
    private long _next;

    /// <summary>Told of each line: when, how grave, what.</summary>
    public Action<DateTimeOffset, int, string>? Written { get; set; }

    /// <summary>Adds a line; 3 is an error, 4 a warning, 6 information.</summary>
    public void Write(DateTimeOffset at, int priority, string message)
    {
        _lines.Enqueue((_next++, at, priority, message));
        Written?.Invoke(at, priority, message);
        if (_lines.Count > Capacity)
            _lines.Dequeue();
    }

    /// <summary>Tells every line that is kept, and from now on each one that is written.</summary>
    public void Follow(Action<DateTimeOffset, int, string> follower)
    {
        foreach (var (_, at, priority, message) in _lines)
            follower(at, priority, message);
        Written = follower;
    }

    /// <summary>All lines after a sequence number; those since a time are held back where one is given.</summary>
    public string After(long sequence, DateTimeOffset? heldSince = null)
    {
        var text = new StringBuilder();
        foreach (var (number, at, priority, message) in _lines)
        {
            if (number > sequence && !(at >= heldSince))
                text.Append(CultureInfo.InvariantCulture, $"{priority},{number},{(at - boot).Ticks / TimeSpan.TicksPerMicrosecond},-;{message}\n");
        }

        return text.ToString();
    }
}
