namespace Observability.Incidents;

/// <summary>What <see cref="RankByAlerts"/> goes by. Neighbouring values rank nearly alike; docs/service-ranking.md has the figures.</summary>
public sealed record AlertRankingOptions
{
    /// <summary>Probability that a fault at a node raises an alert of a kind that it raises at all.</summary>
    public double FiresWhenFaulty { get; init; } = 0.8;

    /// <summary>Incidents after which the quick memory has forgotten half: it knows what has been firing lately, whatever it means.</summary>
    public double QuickHalfLife { get; init; } = 3;

    /// <summary>Likewise of the slow memory, which knows what fires now and then.</summary>
    public double SlowHalfLife { get; init; } = 100;

    /// <summary>How many incidents the rate over all nodes of a kind counts for beside a node's own.</summary>
    public double PeerWeight { get; init; } = 1;

    /// <summary>How often an alert fires without a fault of which nothing is known yet.</summary>
    public double UnknownRate { get; init; } = 0.05;

    /// <summary>How many observations <see cref="UnknownRate"/> counts for.</summary>
    public double UnknownWeight { get; init; } = 5;

    /// <summary>What each further slow operation or log line of a node counts of the one before.</summary>
    public double Repetition { get; init; } = 0.5;
}
