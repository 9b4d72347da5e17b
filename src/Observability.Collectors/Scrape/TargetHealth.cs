namespace Observability.Collectors;

/// <summary>Whether a target answered its last scrape.</summary>
public enum TargetHealth
{
    /// <summary>Not scraped yet.</summary>
    Unknown,

    /// <summary>It answered.</summary>
    Up,

    /// <summary>It did not, or not with metrics.</summary>
    Down,
}
