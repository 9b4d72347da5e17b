namespace Observability.Metrics;

/// <summary>What one query asks for in place of the engine's options; what is null stays as the options say.</summary>
/// <param name="Lookback">How far back an instant selector looks for its newest sample.</param>
/// <param name="Timeout">Longest evaluation; the shorter of this and the options' counts.</param>
public sealed record QueryDemand(TimeSpan? Lookback, TimeSpan? Timeout)
{
    /// <summary>Nothing.</summary>
    public static QueryDemand None { get; } = new(null, null);
}
