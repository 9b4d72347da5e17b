namespace Observability.Alerting;

/// <summary>What a token of an action is.</summary>
internal enum TemplateTokenKind
{
    Word,
    Variable,
    Field,
    Dot,
    Text,
    Number,
    Open,
    Close,
    Pipe,
    Declare,
    Assign,
    Comma,
    End,
}

/// <summary>One token of an action. <see cref="Spaced"/> tells <c>a .b</c> from <c>a.b</c>.</summary>
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, bool Spaced);
