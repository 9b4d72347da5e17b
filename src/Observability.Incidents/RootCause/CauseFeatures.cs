using Microsoft.ML.Data;

namespace Observability.Incidents;

/// <summary>What the ranker sees of a candidate.</summary>
public sealed class CauseFeatures
{
    /// <summary>Names of <see cref="Values"/>, in order; the verdict shows them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "cause_alerts", "symptom_alerts", "has_event", "worst_severity", "onset_order", "reach", "share_of_alerts", "peers_affected",
        "is_gpu", "is_nic", "is_node", "is_switch", "is_job", "is_monitor", "other_cause", "announced", "job_wide", "walk",
        "same_class", "lead_seconds", "job_effect_fits", "other_jobs", "names_fault", "is_storage",
    ];

    /// <summary>Number of features.</summary>
    public const int Count = 24;

    /// <summary>The features.</summary>
    [VectorType(Count)]
    public float[] Values { get; set; } = new float[Count];

    /// <summary>Candidates of one incident share it.</summary>
    [KeyType(10_000_000)]
    public uint Group { get; set; }

    /// <summary>Relevance: 1 for the true cause with the right class, else 0.</summary>
    public uint Label { get; set; }
}
