namespace Observability.Metrics;

internal enum AppendOutcome
{
    Appended,
    Duplicate,
    OutOfOrder,

    /// <summary>Retention has just forgotten the series; the sample belongs to a new one.</summary>
    Retired,
}
