namespace Observability.Metrics;

/// <summary>One lexical unit; strings carry their decoded value, numbers and durations theirs in <paramref name="Number"/> (seconds).</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Start, int End, double Number = 0)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;

    public bool IsWord(string word) =>
        Kind == TokenKind.Identifier && string.Equals(Text, word, StringComparison.OrdinalIgnoreCase);

    public string Describe() => Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Number => $"number \"{Text}\"",
        TokenKind.Duration => $"duration \"{Text}\"",
        TokenKind.Text => $"string {PromQlText.Quote(Text)}",
        TokenKind.Identifier => $"identifier \"{Text}\"",
        _ => Text switch
        {
            "(" => "left parenthesis '('",
            ")" => "right parenthesis ')'",
            "{" => "left brace '{'",
            "}" => "right brace '}'",
            "[" => "left bracket '['",
            "]" => "right bracket ']'",
            "," => "comma ','",
            _ => $"<op:{Text}>",
        },
    };
}
