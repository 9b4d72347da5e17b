namespace Observability.Collectors;

/// <summary>A log to follow: a file on this machine, or a URL that serves lines after a position.</summary>
/// <param name="Kind"><c>kmsg</c> or <c>training</c>.</param>
/// <param name="Owner">The node of a kernel log, the job of a training log.</param>
/// <param name="Location">Path or URL.</param>
public sealed record LogSource(string Kind, string Owner, string Location)
{
    /// <summary>True for a URL.</summary>
    public bool IsRemote => Location.StartsWith("http://", StringComparison.Ordinal) || Location.StartsWith("https://", StringComparison.Ordinal);
}
