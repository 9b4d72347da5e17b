using Observability.Model;

namespace Observability.Server;

/// <summary>How a recording is replayed.</summary>
public sealed record ReplayOptions
{
    /// <summary>Folder of the recording.</summary>
    public required string Folder { get; init; }

    /// <summary>Labels of what names no target itself: <c>node</c> for captures of one node under names that tell none.</summary>
    public LabelSet Labels { get; init; } = LabelSet.Empty;

    /// <summary>Folder with rules and runbooks.</summary>
    public string Content { get; init; } = ".";

    /// <summary>
    /// Silence that ends a stretch. What comes later is replayed as a run of its own: nothing that fires lives that long, and
    /// nobody wants to wait for the years between two captures.
    /// </summary>
    public TimeSpan Gap { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long rules and detectors look on after the last item of a stretch. Longer, and the end of the recording would look like a hang.</summary>
    public TimeSpan Tail { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long incidents may settle after that, with nothing new coming in.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest stretch that is replayed: a longer one is refused with a reason rather than replayed for hours.</summary>
    public TimeSpan LongestStretch { get; init; } = TimeSpan.FromDays(7);
}
