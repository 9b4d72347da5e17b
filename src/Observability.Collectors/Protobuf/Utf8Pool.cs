using System.Collections.Concurrent;
using System.Text;
using System.Text.Unicode;

namespace Observability.Collectors;

/// <summary>
/// One string per text, however often it is read: names and values of labels recur on thousands of series, and without this
/// each series would hold copies of its own. Safe for many threads. A full pool forgets everything and begins anew.
/// </summary>
internal sealed class Utf8Pool(int limit = Utf8Pool.DefaultLimit)
{
    private const int DefaultLimit = 1_000_000;
    private const int LongestKept = 256;

    private readonly ConcurrentDictionary<byte[], string> _texts = new(Utf8Bytes.Comparer);

    /// <summary>The pool of the process: series of all doors share their strings.</summary>
    public static Utf8Pool Shared { get; } = new();

    /// <summary>Texts held.</summary>
    public int Count => _texts.Count;

    /// <summary>The text of some bytes; invalid UTF-8 becomes the replacement character.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0)
            return "";
        if (utf8.Length > LongestKept)
            return Encoding.UTF8.GetString(utf8);
        var lookup = _texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(utf8, out var text))
            return text;
        text = Encoding.UTF8.GetString(utf8);
        if (!Utf8.IsValid(utf8))
            return text;
        if (_texts.Count >= limit)
            _texts.Clear();
        return _texts.GetOrAdd(utf8.ToArray(), text);
    }
}
