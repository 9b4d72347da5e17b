using Microsoft.ML.Data;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>What the classifier sees of an alert.</summary>
public sealed class ActionabilityFeatures
{
    /// <summary>Names of <see cref="Values"/>, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["is_cause", "critical", "warning", "event", "detector", "located", "hardware_class", "software_class", "marks", "inhibited", "flapping", "evidence"];

    /// <summary>The features.</summary>
    [VectorType(12)]
    public float[] Values { get; set; } = [];

    /// <summary>True where someone had to act.</summary>
    public bool Label { get; set; }

    /// <summary>Features of an alert.</summary>
    public static ActionabilityFeatures Of(ScreenedAlert item, bool label = false)
    {
        ArgumentNullException.ThrowIfNull(item);
        var alert = item.Alert;
        var kind = FaultClass.KindOf(alert.FaultClass);
        return new ActionabilityFeatures
        {
            Label = label,
            Values =
            [
                Flag(alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause),
                Flag(alert.Labels[AlertLabel.Severity] == "critical"),
                Flag(alert.Labels[AlertLabel.Severity] == "warning"),
                Flag(alert.Origin == AlertOrigin.Event),
                Flag(alert.Origin == AlertOrigin.Detector),
                Flag(alert.Entity is not null),
                Flag(kind == VerdictKind.Hardware),
                Flag(kind == VerdictKind.NotHardware),
                item.Marks.Length,
                Flag(item.Marks.Any(mark => mark.Reason == NoiseReason.Inhibited)),
                Flag(item.Marks.Any(mark => mark.Reason == NoiseReason.Flapping)),
                Math.Min(5, alert.Evidence.Length),
            ],
        };
    }

    private static float Flag(bool value) => value ? 1 : 0;
}
