using System.Text;
using Observability.Model;

namespace Observability.Content;

/// <summary>
/// Reads a series as tests write it: <c>up{job="a", instance='b'}</c>, <c>{__name__="up"}</c>, <c>{"dotted.name", a="b"}</c>, or
/// nothing at all for no labels.
/// </summary>
internal sealed class SeriesName
{
    private readonly string _text;
    private int _at;

    private SeriesName(string text) => _text = text;

    public static bool TryParse(string text, out LabelSet labels)
    {
        var reader = new SeriesName(text.Trim());
        var pairs = new List<KeyValuePair<string, string>>();
        var isRead = reader.Read(pairs) && reader._at == reader._text.Length
            && pairs.Select(pair => pair.Key).Distinct(StringComparer.Ordinal).Count() == pairs.Count;
        labels = isRead ? LabelSet.From(pairs) : LabelSet.Empty;
        return isRead;
    }

    private bool Read(List<KeyValuePair<string, string>> pairs)
    {
        var name = Word(':');
        if (name.Length > 0)
            pairs.Add(new(LabelSet.MetricNameLabel, name));
        if (!Take('{'))
            return _at == _text.Length;
        while (!Take('}'))
        {
            if (!ReadPair(pairs))
                return false;
            if (!Take(',') && !Peek('}'))
                return false;
        }

        return true;
    }

    private bool ReadPair(List<KeyValuePair<string, string>> pairs)
    {
        SkipSpace();
        var name = _at < _text.Length && _text[_at] is '"' or '\'' or '`' ? Quoted() : Word('_');
        if (string.IsNullOrEmpty(name))
            return false;
        if (!Take('='))
        {
            pairs.Add(new(LabelSet.MetricNameLabel, name));
            return true;
        }

        SkipSpace();
        if (Quoted() is not { } value)
            return false;
        pairs.Add(new(name, value));
        return true;
    }

    private string Word(char extra)
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_' || _text[_at] == extra))
            _at++;
        return _at > start && char.IsAsciiDigit(_text[start]) ? "" : _text[start.._at];
    }

    private string? Quoted()
    {
        if (_at >= _text.Length || _text[_at] is not ('"' or '\'' or '`'))
            return null;
        var quote = _text[_at++];
        var value = new StringBuilder();
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] == quote)
            {
                _at++;
                return value.ToString();
            }

            if (_text[_at] == '\\' && quote != '`' && _at + 1 < _text.Length)
            {
                _at++;
                value.Append(_text[_at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
            }
            else
            {
                value.Append(_text[_at]);
            }
        }

        return null;
    }

    private bool Take(char wanted)
    {
        if (!Peek(wanted))
            return false;
        _at++;
        return true;
    }

    private bool Peek(char wanted)
    {
        SkipSpace();
        return _at < _text.Length && _text[_at] == wanted;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
            _at++;
    }
}
