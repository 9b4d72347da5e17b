namespace Observability.Collectors;

/// <summary>Where an agent or a collector sends what it reads, and what it keeps while nobody takes it.</summary>
public sealed class ForwardOptions
{
    /// <summary>Base URL of the platform: samples go to <c>api/v1/write</c> below it, events to <c>v1/logs</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Secret of an API key for <c>Authorization: Bearer</c>, or an empty string.</summary>
    public string ApiKey { get; init; } = "";

    /// <summary>Folder of the buffer.</summary>
    public required string Folder { get; init; }

    /// <summary>Most bytes the buffer takes on disk; beyond it the oldest segment goes, and is counted.</summary>
    public long BufferBytes { get; init; } = 1L << 30;

    /// <summary>How long one request may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait after the first failure; it doubles up to <see cref="LongestWait"/>.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait between two tries.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(30);
}
