using Observability.Model;

namespace Observability.Server;

/// <summary>An answer over REST.</summary>
internal sealed record AnswerBody
{
    /// <summary><c>yes</c>, <c>no</c> or <c>unknown</c>.</summary>
    public LabelAnswer? Answer { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}
