using System.Globalization;

namespace Observability.Metrics;

/// <summary>Cuts a query into tokens.</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] s_symbols =
    [
        "==", "!=", "=~", "!~", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "%", "^", "@", "(", ")", "{", "}", "[", "]", ",",
    ];

    private readonly List<Token> _tokens = [];
    private readonly Stack<(char Symbol, int Position)> _open = new();
    private int _position;

    public List<Token> Tokenize()
    {
        while (true)
        {
            SkipBlanks();
            if (_position >= text.Length)
                break;
            ReadToken();
        }

        if (_open.TryPeek(out var unclosed))
        {
            throw new PromQlSyntaxException(text.Length, unclosed.Symbol switch
            {
                '(' => "unclosed left parenthesis",
                '[' => "unclosed left bracket",
                _ => "unexpected end of input inside braces",
            });
        }

        _tokens.Add(new Token(TokenKind.End, "", text.Length, text.Length));
        return _tokens;
    }

    private void SkipBlanks()
    {
        while (_position < text.Length)
        {
            if (text[_position] == '#')
            {
                while (_position < text.Length && text[_position] is not ('\n' or '\r'))
                    _position++;
            }
            else if (text[_position] is ' ' or '\t' or '\n' or '\r')
            {
                _position++;
            }
            else
            {
                return;
            }
        }
    }

    private void ReadToken()
    {
        var c = text[_position];
        if (c is '"' or '\'' or '`')
            _tokens.Add(new StringLiteralReader(text, _position).Read(out _position));
        else if (char.IsAsciiDigit(c) || (c == '.' && _position + 1 < text.Length && char.IsAsciiDigit(text[_position + 1])))
            ReadNumber();
        else if (c == ':' && InBrackets)
            _tokens.Add(new Token(TokenKind.Symbol, ":", _position, ++_position));
        else if (char.IsAsciiLetter(c) || c is '_' or ':')
            ReadIdentifier();
        else
            ReadSymbol();
    }

    private bool InBrackets => _open.TryPeek(out var top) && top.Symbol == '[';

    private bool InBraces => _open.TryPeek(out var top) && top.Symbol == '{';

    private void ReadIdentifier()
    {
        var start = _position;
        while (_position < text.Length
            && (char.IsAsciiLetterOrDigit(text[_position]) || text[_position] == '_' || (text[_position] == ':' && !InBraces && !InBrackets)))
        {
            _position++;
        }

        if (_position == start)
            throw new PromQlSyntaxException(start, $"unexpected character: '{text[start]}'");
        var word = text[start.._position];
        var isNumber = !InBraces && (word.Equals("inf", StringComparison.OrdinalIgnoreCase) || word.Equals("nan", StringComparison.OrdinalIgnoreCase));
        _tokens.Add(isNumber
            ? new Token(TokenKind.Number, word, start, _position, char.ToLowerInvariant(word[0]) == 'i' ? double.PositiveInfinity : double.NaN)
            : new Token(TokenKind.Identifier, word, start, _position));
    }

    // 12, 1_000, .5, 2., 1e-3, 0x8f, 5m, 1h30m
    private void ReadNumber()
    {
        var start = _position;
        var hex = text[start] == '0' && start + 1 < text.Length && text[start + 1] is 'x' or 'X';
        if (hex)
            _position += 2;
        while (_position < text.Length && IsNumberPart(hex, start))
            _position++;
        var raw = text[start.._position];
        var word = raw.Replace("_", "", StringComparison.Ordinal);
        if (hex && long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var integer))
            _tokens.Add(new Token(TokenKind.Number, raw, start, _position, integer));
        else if (!hex && !BadUnderscores(raw) && double.TryParse(word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
            _tokens.Add(new Token(TokenKind.Number, raw, start, _position, number));
        else if (!hex && PromQlDuration.TryParse(raw, out var duration))
            _tokens.Add(new Token(TokenKind.Duration, raw, start, _position, duration.TotalSeconds));
        else
            throw new PromQlSyntaxException(start, $"bad number or duration syntax: {PromQlText.Quote(raw)}");
    }

    private bool IsNumberPart(bool hex, int start)
    {
        var c = text[_position];
        if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.')
            return true;
        return !hex && c is '+' or '-' && _position > start && text[_position - 1] is 'e' or 'E';
    }

    private static bool BadUnderscores(string raw) =>
        raw.Contains("__", StringComparison.Ordinal) || raw[^1] == '_' || raw.Contains("._", StringComparison.Ordinal)
        || raw.Contains("_.", StringComparison.Ordinal);

    private void ReadSymbol()
    {
        foreach (var symbol in s_symbols)
        {
            if (string.CompareOrdinal(text, _position, symbol, 0, symbol.Length) != 0)
                continue;
            Track(symbol[0]);
            _tokens.Add(new Token(TokenKind.Symbol, symbol, _position, _position + symbol.Length));
            _position += symbol.Length;
            return;
        }

        throw new PromQlSyntaxException(_position, $"unexpected character: '{text[_position]}'");
    }

    private void Track(char symbol)
    {
        if (symbol is '(' or '[' or '{')
        {
            _open.Push((symbol, _position));
            return;
        }

        var opener = symbol switch { ')' => '(', ']' => '[', '}' => '{', _ => '\0' };
        if (opener == '\0' || (_open.TryPop(out var top) && top.Symbol == opener))
            return;
        throw new PromQlSyntaxException(_position, symbol switch
        {
            ')' => "unexpected right parenthesis ')'",
            ']' => "unexpected right bracket ']'",
            _ => "unexpected right brace '}'",
        });
    }
}
