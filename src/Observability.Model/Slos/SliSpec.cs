namespace Observability.Model;

/// <summary>How an SLO measures: PromQL expressions whose values the engine reads on its tick.</summary>
public sealed record SliSpec
{
    /// <summary>Good events or good amount; for ratio metrics of form good/total.</summary>
    public string? Good { get; init; }

    /// <summary>Bad events or amount; (total - bad)/total.</summary>
    public string? Bad { get; init; }

    /// <summary>All events or the whole amount.</summary>
    public string? Total { get; init; }

    /// <summary>A ratio that is already computed, in [0, 1], of success.</summary>
    public string? RawSuccess { get; init; }

    /// <summary>A ratio that is already computed, in [0, 1], of failure.</summary>
    public string? RawFailure { get; init; }

    /// <summary>A gauge to compare with <see cref="SloSpec.ThresholdValue"/>.</summary>
    public string? Threshold { get; init; }

    /// <summary>True where <see cref="Good"/>, <see cref="Bad"/> and <see cref="Total"/> are counters.</summary>
    public bool IsCounter { get; init; }
}
