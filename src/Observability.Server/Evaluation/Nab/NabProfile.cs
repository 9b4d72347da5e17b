namespace Observability.Server;

/// <summary>What mistakes cost.</summary>
/// <param name="Name">As in <c>config/profiles.json</c>, shortened.</param>
/// <param name="FalseAlarm">Cost of a row above the threshold outside every window.</param>
/// <param name="Miss">Cost of a window without one.</param>
internal sealed record NabProfile(string Name, double FalseAlarm, double Miss)
{
    /// <summary>The three that NAB reports.</summary>
    public static IReadOnlyList<NabProfile> All { get; } = [new("standard", 0.11, 1), new("low_fp", 0.22, 1), new("low_fn", 0.11, 2)];
}
