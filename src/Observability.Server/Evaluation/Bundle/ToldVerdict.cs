using Observability.Model;

namespace Observability.Server;

/// <summary>A verdict as an answer tells it.</summary>
internal sealed record ToldVerdict
{
    /// <summary><c>hardware</c>, <c>not_hardware</c> or <c>unknown</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The class of the fault.</summary>
    public required string Class { get; init; }

    /// <summary>The culprit; null where none is named.</summary>
    public EntityId? Entity { get; init; }

    /// <summary>Probability, 0 to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>When it was reached.</summary>
    public DateTimeOffset At { get; init; }
}
