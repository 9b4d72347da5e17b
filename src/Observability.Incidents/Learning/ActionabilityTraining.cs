namespace Observability.Incidents;

/// <summary>What a training starts from.</summary>
public sealed record ActionabilityTraining
{
    /// <summary>Name of the version that it makes.</summary>
    public required string Version { get; init; }

    /// <summary>Seed of the stories of both parts and of the trainer.</summary>
    public int Seed { get; init; } = 20_261_127;

    /// <summary>Synthetic stories to train on; a quarter as many are kept to judge by.</summary>
    public int Stories { get; init; } = 3_000;

    /// <summary>When it happens; null for the shipped model, which does not depend on it.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Actionability below which a symptom goes to the digest.</summary>
    public double DigestBelow { get; init; } = new IncidentsOptions().DigestBelow;

    /// <summary>Share of the labelled incidents, the latest ones, that are kept from the trainer to judge by.</summary>
    public double HeldOut { get; init; } = 0.3;

    /// <summary>Fewest labelled incidents on either side of the split.</summary>
    public int LeastIncidents { get; init; } = 5;
}
