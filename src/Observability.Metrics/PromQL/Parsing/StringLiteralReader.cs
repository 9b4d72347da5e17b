using System.Globalization;
using System.Text;

namespace Observability.Metrics;

/// <summary>Reads one string literal: <c>"a\n"</c>, <c>'b\x41'</c> or a raw one in backticks.</summary>
internal sealed class StringLiteralReader(string text, int start)
{
    private readonly List<byte> _bytes = [];
    private int _position = start + 1;

    public Token Read(out int end)
    {
        var quote = text[start];
        while (true)
        {
            if (_position >= text.Length || (quote != '`' && text[_position] == '\n'))
                throw new PromQlSyntaxException(start, quote == '`' ? "unterminated raw string" : "unterminated quoted string");
            var c = text[_position];
            if (c == quote)
                break;
            if (c == '\\' && quote != '`')
                ReadEscape(quote);
            else
                ReadPlain();
        }

        end = ++_position;
        return new Token(TokenKind.Text, PromQlText.FromBytes(_bytes.ToArray()), start, end);
    }

    private void ReadPlain()
    {
        var length = char.IsHighSurrogate(text[_position]) && _position + 1 < text.Length ? 2 : 1;
        _bytes.AddRange(Encoding.UTF8.GetBytes(text, _position, length));
        _position += length;
    }

    private void ReadEscape(char quote)
    {
        if (_position + 1 >= text.Length)
            throw new PromQlSyntaxException(start, "unterminated quoted string");
        var c = text[_position + 1];
        _position += 2;
        var single = c switch
        {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            '\\' => '\\',
            '"' or '\'' when c == quote => c,
            _ => -1,
        };
        if (single >= 0)
            _bytes.Add((byte)single);
        else if (c == 'x')
            _bytes.Add((byte)Digits(2, 16));
        else if (c is 'u' or 'U')
            AddRune(Digits(c == 'u' ? 4 : 8, 16));
        else if (c is >= '0' and <= '7')
            AddOctal();
        else
            throw new PromQlSyntaxException(start, $"unknown escape sequence \\{c}");
    }

    private void AddOctal()
    {
        _position--;
        var value = Digits(3, 8);
        if (value > 255)
            throw new PromQlSyntaxException(start, "octal escape sequence over 255");
        _bytes.Add((byte)value);
    }

    private void AddRune(long value)
    {
        if (value > int.MaxValue || !Rune.IsValid((int)value))
            throw new PromQlSyntaxException(start, "escape sequence is an invalid Unicode code point");
        _bytes.AddRange(Encoding.UTF8.GetBytes(new Rune((int)value).ToString()));
    }

    private long Digits(int count, int numberBase)
    {
        if (_position + count > text.Length)
            throw new PromQlSyntaxException(start, "unterminated quoted string");
        long value = 0;
        for (var i = 0; i < count; i++)
        {
            var c = text[_position++];
            if (!int.TryParse(c.ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit) || digit >= numberBase)
                throw new PromQlSyntaxException(start, $"illegal character '{c}' in escape sequence");
            value = (value * numberBase) + digit;
        }

        return value;
    }
}
