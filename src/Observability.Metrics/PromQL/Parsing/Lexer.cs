using System.Globalization;
using System.Text;

namespace Observability.Metrics;

/// <summary>Splits PromQL into tokens: <c>sum by (job) (rate(http_requests_total{code=~"5.."}[5m])) &gt; 1e3 # comment</c>.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Symbols =
        ["==", "!=", "<=", ">=", "=~", "!~", "(", ")", "{", "}", "[", "]", ",", ":", "@", "+", "-", "*", "/", "%", "^", "<", ">", "="];

    private int _at;

    public List<Token> Tokens()
    {
        var tokens = new List<Token>();
        while (true)
        {
            SkipBlank();
            if (_at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", text.Length));
                return tokens;
            }

            tokens.Add(Next());
        }
    }

    private static bool IsIdentifierStart(char c) => char.IsAsciiLetter(c) || c is '_' or ':';

    private static bool IsIdentifierPart(char c) => IsIdentifierStart(c) || char.IsAsciiDigit(c);

    private void SkipBlank()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]))
                _at++;
            else if (text[_at] == '#')
                _at = text.IndexOf('\n', _at) is var end and >= 0 ? end : text.Length;
            else
                return;
        }
    }

    private Token Next()
    {
        var c = text[_at];
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            return Number();
        if (c is '"' or '\'' or '`')
            return Text(c);
        // A colon begins an identifier only where a recording rule's name follows; in [5m:1m] it separates.
        if (IsIdentifierStart(c) && !(c == ':' && (_at + 1 >= text.Length || !(char.IsAsciiLetter(text[_at + 1]) || text[_at + 1] == '_'))))
            return Identifier();
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                var start = _at;
                _at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }

        throw new PromQlSyntaxException(_at, $"unexpected character: '{c}'");
    }

    private Token Identifier()
    {
        var start = _at;
        while (_at < text.Length && IsIdentifierPart(text[_at]))
            _at++;
        return new Token(TokenKind.Identifier, text[start.._at], start);
    }

    // 12, 1.5e3, 0x1f, 1_000; with a unit behind it is a duration: 5m, 1h30m.
    private Token Number()
    {
        var start = _at;
        if (text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X')
        {
            _at += 2;
            while (_at < text.Length && (char.IsAsciiHexDigit(text[_at]) || text[_at] == '_'))
                _at++;
            return new Token(TokenKind.Number, text[start.._at], start);
        }

        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] is '.' or '_'))
            _at++;
        if (_at < text.Length && text[_at] is 'e' or 'E' && FollowedByExponent())
        {
            _at += 2;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
            return new Token(TokenKind.Number, text[start.._at], start);
        }

        if (_at < text.Length && char.IsAsciiLetter(text[_at]))
        {
            while (_at < text.Length && char.IsAsciiLetterOrDigit(text[_at]))
                _at++;
            var duration = text[start.._at];
            if (!PromQlDuration.TryParse(duration, out _))
                throw new PromQlSyntaxException(start, $"bad number or duration syntax: \"{duration}\"");
            return new Token(TokenKind.Duration, duration, start);
        }

        return new Token(TokenKind.Number, text[start.._at], start);
    }

    private bool FollowedByExponent()
    {
        var next = _at + 1;
        if (next < text.Length && text[next] is '+' or '-')
            next++;
        return next < text.Length && char.IsAsciiDigit(text[next]);
    }

    private Token Text(char quote)
    {
        var start = _at++;
        var value = new StringBuilder();
        while (true)
        {
            if (_at >= text.Length || (text[_at] == '\n' && quote != '`'))
                throw new PromQlSyntaxException(start, "unterminated quoted string");
            var c = text[_at++];
            if (c == quote)
                return new Token(TokenKind.Text, value.ToString(), start);
            if (c == '\\' && quote != '`')
                Escape(start, value);
            else
                value.Append(c);
        }
    }

    private void Escape(int start, StringBuilder value)
    {
        if (_at >= text.Length)
            throw new PromQlSyntaxException(start, "escape sequence not terminated");
        var c = text[_at++];
        switch (c)
        {
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'v': value.Append('\v'); break;
            case '\\' or '"' or '\'': value.Append(c); break;
            case 'x': Code(start, value, 2, 16, 0); break;
            case 'u': Code(start, value, 4, 16, 0); break;
            case 'U': Code(start, value, 8, 16, 0); break;
            case >= '0' and <= '7': Code(start, value, 3, 8, 1); break;
            default: throw new PromQlSyntaxException(start, $"unknown escape sequence \\{c}");
        }
    }

    private void Code(int start, StringBuilder value, int digits, int numberBase, int back)
    {
        _at -= back;
        if (_at + digits > text.Length)
            throw new PromQlSyntaxException(start, "escape sequence not terminated");
        var code = 0;
        foreach (var c in text.AsSpan(_at, digits))
        {
            var digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 99;
            if (digit >= numberBase)
                throw new PromQlSyntaxException(start, "illegal character in escape sequence");
            code = (code * numberBase) + digit;
        }

        if (!Rune.IsValid(code))
            throw new PromQlSyntaxException(start, "escape sequence is an invalid Unicode code point");
        _at += digits;
        value.Append(new Rune(code));
    }
}
