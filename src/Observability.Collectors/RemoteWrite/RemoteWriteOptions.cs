namespace Observability.Collectors;

/// <summary>What the remote-write door accepts.</summary>
public sealed class RemoteWriteOptions
{
    /// <summary>Most bytes of a request, before and after decompression alike.</summary>
    public long BodyLimitBytes { get; set; } = 64L * 1_024 * 1_024;

    /// <summary>How far ahead of our clock a sample may be; later ones are refused, as Prometheus does.</summary>
    public TimeSpan MaxAhead { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Most labels of a series.</summary>
    public int LabelLimit { get; set; } = 128;

    /// <summary>Most bytes of a label's name.</summary>
    public int LabelNameLimitBytes { get; set; } = 1_024;

    /// <summary>Most bytes of a label's value.</summary>
    public int LabelValueLimitBytes { get; set; } = 8_192;
}
