namespace Observability.Metrics;

/// <summary>The <c>offset</c> and <c>@</c> modifiers of a selector or subquery; their order in the text does not matter.</summary>
/// <param name="Offset">How far back from the evaluation time; negative looks ahead.</param>
/// <param name="AtUnixMilliseconds">The literal time of <c>@</c>; null without one.</param>
/// <param name="Anchor">The <c>start()</c> or <c>end()</c> of <c>@</c>.</param>
public sealed record TimeShift(TimeSpan Offset, long? AtUnixMilliseconds, AtAnchor Anchor)
{
    /// <summary>No modifier.</summary>
    public static TimeShift None { get; } = new(TimeSpan.Zero, null, AtAnchor.None);

    /// <summary>True where the time does not follow the evaluation time.</summary>
    public bool IsFixed => AtUnixMilliseconds is not null || Anchor != AtAnchor.None;
}
