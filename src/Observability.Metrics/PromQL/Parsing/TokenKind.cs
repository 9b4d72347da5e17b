namespace Observability.Metrics;

internal enum TokenKind
{
    End,
    Identifier,
    Number,
    Duration,
    Text,
    Symbol,
}
