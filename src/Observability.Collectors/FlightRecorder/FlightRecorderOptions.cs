using System.Collections.Immutable;

namespace Observability.Collectors;

/// <summary>Where jobs leave their flight-recorder dumps.</summary>
public sealed class FlightRecorderOptions
{
    /// <summary>The folders and the jobs they belong to.</summary>
    public ImmutableArray<LogSource> Folders { get; set; } = [];

    /// <summary>Time between two looks.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a folder must be quiet before its dumps are taken together: ranks write theirs within seconds of each other.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Dumps that are older are of a hang that is over; they are never news.</summary>
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(15);
}
