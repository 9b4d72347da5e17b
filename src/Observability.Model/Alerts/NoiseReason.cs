namespace Observability.Model;

/// <summary>Why an alert was not shown at once.</summary>
public enum NoiseReason
{
    /// <summary>It changes state too often; one standing mark replaces the changes.</summary>
    Flapping,

    /// <summary>A silence matches it.</summary>
    Silenced,

    /// <summary>It is a symptom below an active cause.</summary>
    Inhibited,

    /// <summary>The classifier moved it to the digest.</summary>
    Digest,
}
