using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>A target and how its last scrape went.</summary>
public sealed record TargetStatus(ScrapeTarget Target)
{
    /// <summary>Whether it answered.</summary>
    public TargetHealth Health { get; init; }

    /// <summary>When it was last scraped; null before the first time.</summary>
    public DateTimeOffset? LastScrape { get; init; }

    /// <summary>How long that took.</summary>
    public TimeSpan LastDuration { get; init; }

    /// <summary>Why it failed, or an empty string.</summary>
    public string LastError { get; init; } = "";

    /// <summary>Samples in its last answer.</summary>
    public int Samples { get; init; }

    /// <summary>Blank values dropped from its last answer.</summary>
    public int UnknownValues { get; init; }

    /// <summary>Lines refused in its last answer.</summary>
    public int RefusedLines { get; init; }

    /// <summary>The first of them.</summary>
    public ImmutableArray<RefusedLine> Refused { get; init; } = [];
}
