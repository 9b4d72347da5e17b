namespace Observability.Metrics;

/// <summary>A piece of PromQL text.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string text) => Kind is TokenKind.Symbol && Text == text;

    public bool IsWord(string word) => Kind is TokenKind.Identifier && Text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
