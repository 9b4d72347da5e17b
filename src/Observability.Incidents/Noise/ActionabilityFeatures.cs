using Microsoft.ML.Data;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>What the classifier sees of an alert: itself, what the steps before said, its history, its place, the time, its words, and what people said of its like.</summary>
public sealed class ActionabilityFeatures
{
    /// <summary>How many features there are.</summary>
    public const int Count = 41;

    // Few buckets: with some hundred labels a bucket per word would learn each alert by heart.
    private const int Buckets = 8;

    /// <summary>Names of <see cref="Values"/>, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "is_cause", "critical", "warning", "event", "detector", "located", "hardware_class", "software_class", "marks", "inhibited", "flapping", "evidence",
        .. AlertHistory.Names,
        .. Enumerable.Range(0, Buckets).Select(bucket => $"name_{bucket}"),
        .. Enumerable.Range(0, Buckets).Select(bucket => $"words_{bucket}"),
    ];

    /// <summary>The features.</summary>
    [VectorType(Count)]
    public float[] Values { get; set; } = [];

    /// <summary>True where someone had to act.</summary>
    public bool Label { get; set; }

    /// <summary>How much it counts in training.</summary>
    public float Weight { get; set; } = 1;

    /// <summary>Features of an alert at a time, with what is remembered of those before it.</summary>
    internal static float[] Of(ScreenedAlert item, AlertHistory history, DateTimeOffset now)
    {
        var values = new float[Count];
        var own = Own(item);
        own.CopyTo(values, 0);
        history.Write(item.Alert, now, values.AsSpan(own.Length));
        var name = own.Length + AlertHistory.Names.Length;
        AlertWords.AddName(item.Alert.Name, values.AsSpan(name, Buckets));
        AlertWords.AddText(item.Alert.Annotations["summary"], values.AsSpan(name + Buckets, Buckets));
        return values;
    }

    private static float[] Own(ScreenedAlert item)
    {
        var alert = item.Alert;
        var kind = FaultClass.KindOf(alert.FaultClass);
        return
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
        ];
    }

    private static float Flag(bool value) => value ? 1 : 0;
}
