namespace Observability.Metrics;

/// <summary>What makes the store large: counts over all series, and the names and values that have most, largest first.</summary>
public sealed record StoreCardinality
{
    /// <summary>Series.</summary>
    public required int Series { get; init; }

    /// <summary>Different pairs of a label name and a value.</summary>
    public required int LabelPairs { get; init; }

    /// <summary>Chunks in memory, open ones included.</summary>
    public required long Chunks { get; init; }

    /// <summary>Time of the oldest sample, in milliseconds since 1970; 0 where there is none.</summary>
    public required long FirstTime { get; init; }

    /// <summary>Time of the newest sample, in milliseconds since 1970; 0 where there is none.</summary>
    public required long LastTime { get; init; }

    /// <summary>Series per metric name.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> SeriesByMetric { get; init; }

    /// <summary>Different values per label name.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> ValuesByLabel { get; init; }

    /// <summary>Bytes of all values of a label, counted once for each series that carries one.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> ValueBytesByLabel { get; init; }

    /// <summary>Series per pair, written <c>name=value</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> SeriesByPair { get; init; }
}
