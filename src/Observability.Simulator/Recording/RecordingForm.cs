namespace Observability.Simulator;

/// <summary>How much of what exporters say a recording keeps.</summary>
public enum RecordingForm
{
    /// <summary>Every sample of every scrape, as plain text.</summary>
    Full,

    /// <summary>
    /// Only families that rules, detectors and dashboards read, and of those only what changed by more than its noise, with a repeat every four
    /// minutes so that nothing looks as if it had ended; gzip. For fleets whose full recording nobody could keep.
    /// </summary>
    Compact,
}
