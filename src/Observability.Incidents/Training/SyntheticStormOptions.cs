namespace Observability.Incidents;

/// <summary>What a storm is like.</summary>
/// <param name="Alerts">Alert messages until no new fault begins.</param>
/// <param name="Concurrent">Faults that begin within three minutes of each other.</param>
/// <param name="Seed">The same seed gives the same storm.</param>
public sealed record SyntheticStormOptions(int Alerts, int Concurrent, int Seed)
{
    /// <summary>Alerts a minute, on the whole fleet, that have nothing to do with any fault.</summary>
    public double NoisePerMinute { get; init; } = 1;

    /// <summary>Share of the nodes whose cables or ranks the topology does not know, 0 to 1.</summary>
    public double Unknown { get; init; }

    /// <summary>Probability that a further fault meets the same job as the first; what the job then shows has two explanations.</summary>
    public double SameJob { get; init; }
}
