namespace Observability.Incidents;

/// <summary>What <see cref="GroupByOnset"/> goes by.</summary>
public sealed record OnsetGroupingOptions
{
    /// <summary>Over how long alerts are counted to see whether something has begun.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>After how long the flow of an incident's new alerts has fallen to 1/e: what it raises comes early.</summary>
    public TimeSpan Fading { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>By how many standard deviations of the count expected more alerts must come than the running incident explains.</summary>
    public double Surprise { get; init; } = 7;

    /// <summary>So many more there must be in any case.</summary>
    public int FewestMore { get; init; } = 2;

    /// <summary>What comes after a silence as long as this is something else.</summary>
    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(60);
}
