namespace Observability.Model;

/// <summary>Why a store does not take a sample.</summary>
public enum SampleRefusal
{
    /// <summary>A newer sample is stored, and this one is older than the out-of-order window.</summary>
    OutOfOrder,

    /// <summary>Another value is stored for the same time.</summary>
    Duplicate,

    /// <summary>The series is new and there is no room for a further one.</summary>
    SeriesLimit,

    /// <summary>The series is new and memory is at its limit.</summary>
    MemoryLimit,

    /// <summary>The sample is older than what is kept.</summary>
    TooOld,
}
