using Observability.Model;

namespace Observability.Collectors;

/// <summary>How a folder of recorded telemetry is read.</summary>
public sealed class RecordedOptions
{
    /// <summary>Time of what states none; null to take the file's own time of modification.</summary>
    public DateTimeOffset? Start { get; set; }

    /// <summary>Labels attached to every scraped sample, as a scrape target's would be.</summary>
    public LabelSet TargetLabels { get; set; } = LabelSet.Empty;

    /// <summary>Files that stay closed, as paths below the folder with <c>/</c>; what ends in <c>/</c> closes all below it.</summary>
    public IReadOnlyList<string> Closed { get; set; } = [];

    /// <summary>Largest file that is read, and the most that a packed one may unpack to.</summary>
    public long FileLimitBytes { get; set; } = 256L * 1_024 * 1_024;

    /// <summary>Most files that are read.</summary>
    public int FileLimit { get; set; } = 20_000;
}
