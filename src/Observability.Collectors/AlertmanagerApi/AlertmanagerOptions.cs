namespace Observability.Collectors;

/// <summary>How alerts of other systems are taken.</summary>
public sealed class AlertmanagerOptions
{
    /// <summary>A firing alert without an end counts as ended after this time unless its sender speaks again.</summary>
    public TimeSpan ResolveTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an ended alert is remembered, so that a late repeat does not begin it anew.</summary>
    public TimeSpan Remember { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Most alerts remembered; further ones pass, unmerged and counted.</summary>
    public int AlertLimit { get; set; } = 200_000;

    /// <summary>Most bytes of a request after decompression.</summary>
    public long BodyLimitBytes { get; set; } = 64L * 1_024 * 1_024;
}
