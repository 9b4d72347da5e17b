namespace Observability.Storage;

/// <summary>Options of the Elasticsearch projection. Authentication and base address belong to the HttpClient.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>Index of the incidents.</summary>
    public string IncidentIndex { get; set; } = "observability-incidents";

    /// <summary>Index of the alerts.</summary>
    public string AlertIndex { get; set; } = "observability-alerts";

    /// <summary>Documents that may wait; a newer one is dropped and counted when it is full.</summary>
    public int MaximumQueued { get; set; } = 10_000;

    /// <summary>Documents of one bulk request.</summary>
    public int MaximumBatch { get; set; } = 500;

    /// <summary>Wait after the first failed request; it doubles up to <see cref="MaximumBackoff"/>.</summary>
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between attempts.</summary>
    public TimeSpan MaximumBackoff { get; set; } = TimeSpan.FromMinutes(1);
}
