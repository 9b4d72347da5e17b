using System.Text;

namespace Observability.Alerting;

/// <summary>
/// Splits the inside of one action, for example <c>$labels.gpu | printf "%s (%.1f)" $value</c>, into tokens.
/// </summary>
internal sealed class TemplateLexer(string text, int line)
{
    private int _at;

    public List<TemplateToken> ReadAll()
    {
        var tokens = new List<TemplateToken>();
        while (true)
        {
            var start = _at;
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
                _at++;
            var spaced = _at > start || _at == 0;
            if (_at >= text.Length)
            {
                tokens.Add(new(TemplateTokenKind.End, "", spaced));
                return tokens;
            }

            tokens.Add(Next(spaced));
        }
    }

    private TemplateToken Next(bool spaced)
    {
        var c = text[_at];
        switch (c)
        {
            case '(': return Single(TemplateTokenKind.Open, spaced);
            case ')': return Single(TemplateTokenKind.Close, spaced);
            case '|': return Single(TemplateTokenKind.Pipe, spaced);
            case ',': return Single(TemplateTokenKind.Comma, spaced);
            case '=': return Single(TemplateTokenKind.Assign, spaced);
            case '"': return new(TemplateTokenKind.Text, ReadQuoted(), spaced);
            case '\'': return new(TemplateTokenKind.Number, ReadCharacter(), spaced);
            case '`': return new(TemplateTokenKind.Text, ReadRaw(), spaced);
            case ':' when Peek(1) == '=':
                _at += 2;
                return new(TemplateTokenKind.Declare, ":=", spaced);
            case '$':
                _at++;
                return new(TemplateTokenKind.Variable, ReadName(), spaced);
            case '.' when IsNameStart(Peek(1)):
                _at++;
                return new(TemplateTokenKind.Field, ReadName(), spaced);
            case '.' when !char.IsAsciiDigit(Peek(1)):
                return Single(TemplateTokenKind.Dot, spaced);
        }

        if (char.IsAsciiDigit(c) || c is '-' or '+' or '.')
            return new(TemplateTokenKind.Number, ReadNumber(), spaced);
        if (IsNameStart(c))
            return new(TemplateTokenKind.Word, ReadName(), spaced);
        throw new TemplateException($"line {line}: unexpected '{c}' in action {{{{{text}}}}}");
    }

    private TemplateToken Single(TemplateTokenKind kind, bool spaced) => new(kind, text[_at++].ToString(), spaced);

    private char Peek(int offset) => _at + offset < text.Length ? text[_at + offset] : '\0';

    private static bool IsNameStart(char c) => char.IsLetter(c) || c == '_';

    private string ReadName()
    {
        var start = _at;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_'))
            _at++;
        return text[start.._at];
    }

    private string ReadNumber()
    {
        var start = _at++;
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' or '_'
            || (text[_at] is '+' or '-' && text[_at - 1] is 'e' or 'E')))
        {
            _at++;
        }

        return text[start.._at];
    }

    // 'a' is the number 97.
    private string ReadCharacter()
    {
        _at++;
        var value = text[Math.Min(_at, text.Length - 1)] == '\\' ? Unescape() : text[Math.Min(_at, text.Length - 1)];
        if (Peek(1) != '\'')
            throw new TemplateException($"line {line}: unterminated character constant in action {{{{{text}}}}}");
        _at += 2;
        return ((int)value).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string ReadRaw()
    {
        var end = text.IndexOf('`', _at + 1);
        if (end < 0)
            throw new TemplateException($"line {line}: unterminated raw quoted string in action {{{{{text}}}}}");
        var value = text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    private string ReadQuoted()
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == '"')
            {
                _at++;
                return value.ToString();
            }

            value.Append(c == '\\' ? Unescape() : c);
        }

        throw new TemplateException($"line {line}: unterminated quoted string in action {{{{{text}}}}}");
    }

    private char Unescape()
    {
        var c = Peek(1);
        _at++;
        return c switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '"' or '\\' or '\'' => c,
            _ => throw new TemplateException($"line {line}: unknown escape \\{c} in a quoted string"),
        };
    }
}
