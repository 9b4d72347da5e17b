namespace Observability.Model;

/// <summary>What a line of evidence points at.</summary>
public enum EvidenceKind
{
    /// <summary>A PromQL expression at a time.</summary>
    Sample,

    /// <summary>A log line.</summary>
    LogLine,

    /// <summary>A rule or a catalogue row, as file:line.</summary>
    Rule,

    /// <summary>An alert, by fingerprint.</summary>
    Alert,

    /// <summary>A relation of the topology.</summary>
    Topology,

    /// <summary>A change that happened before.</summary>
    Change,

    /// <summary>Something that would have broken too, and did not.</summary>
    Counter,
}
