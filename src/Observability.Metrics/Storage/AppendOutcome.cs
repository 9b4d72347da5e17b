namespace Observability.Metrics;

internal enum AppendOutcome
{
    /// <summary>Stored as the newest sample.</summary>
    Appended,

    /// <summary>Stored between older ones.</summary>
    Inserted,

    /// <summary>The same value is stored for this time already.</summary>
    Repeated,

    /// <summary>Another value is stored for this time.</summary>
    Duplicate,

    OutOfOrder,

    /// <summary>Retention has just forgotten the series; the sample belongs to a new one.</summary>
    Retired,
}
