namespace Observability.Metrics;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    End,
    Identifier,
    Number,
    Duration,
    Text,
    Symbol,
}
