namespace Observability.Collectors;

/// <summary>What the OTLP door accepts.</summary>
public sealed class OtlpOptions
{
    /// <summary>Most bytes of a request after decompression (64 MiB is OTLP's recommendation).</summary>
    public long BodyLimitBytes { get; set; } = 64L * 1_024 * 1_024;

    /// <summary>How far ahead of our clock a data point may be before its time is set to now and counted.</summary>
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromMinutes(1);
}
