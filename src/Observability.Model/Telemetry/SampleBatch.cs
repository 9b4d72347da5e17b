namespace Observability.Model;

/// <summary>What one scrape or one push brought, in the order it was read.</summary>
/// <param name="Source">Who sent it: the target's URL or the name of the push door.</param>
/// <param name="At">Time of the scrape or of the arrival.</param>
/// <param name="Samples">Every accepted sample.</param>
public sealed record SampleBatch(string Source, DateTimeOffset At, IReadOnlyList<SeriesSample> Samples)
{
    /// <summary>False where every series came with the batch of this source before it already; who learns from labels need not look again.</summary>
    public bool BringsNewSeries { get; init; } = true;

    /// <summary>What the clock of a node showed at <see cref="At"/>, in seconds since 1970, where the source tells; null elsewhere.</summary>
    public (string Node, double UnixSeconds)? NodeClock { get; init; }

    /// <summary>What the source said about its metrics; empty where it said nothing, or nothing new.</summary>
    public IReadOnlyList<MetricMetadata> Metadata { get; init; } = [];

    /// <summary>Exemplars of the samples.</summary>
    public IReadOnlyList<SeriesExemplar> Exemplars { get; init; } = [];
}
