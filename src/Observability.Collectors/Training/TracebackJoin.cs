using System.Text;

namespace Observability.Collectors;

/// <summary>
/// Joins a Python traceback: from <c>Traceback (most recent call last):</c> over indented lines to the line that names the
/// exception. Every rank prints its own, with or without a prefix such as <c>[rank3]: </c>, and they interleave.
/// </summary>
internal sealed class TracebackJoin
{
    private const int MaxLines = 200;
    private const int MaxOpen = 256;

    private readonly Dictionary<string, (StringBuilder Text, int Lines)> _open = new(StringComparer.Ordinal);

    /// <summary>The whole traceback and its exception, once the last line was read; null until then.</summary>
    public (string Exception, string Text)? Add(string prefix, string body)
    {
        if (body.StartsWith("Traceback (most recent call last):", StringComparison.Ordinal))
        {
            if (_open.Count < MaxOpen || _open.ContainsKey(prefix))
                _open[prefix] = (new StringBuilder(body), 1);
            return null;
        }

        if (!_open.TryGetValue(prefix, out var open))
            return null;
        open.Text.Append('\n').Append(body);
        if ((body.Length == 0 || body[0] is ' ' or '\t') && open.Lines < MaxLines)
        {
            _open[prefix] = (open.Text, open.Lines + 1);
            return null;
        }

        _open.Remove(prefix);
        return (body.Trim(), open.Text.ToString());
    }
}
