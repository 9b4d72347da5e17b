using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>What muting knows of an alert of an open incident.</summary>
internal sealed class QuietAlert(ScreenedAlert joined, EntityId? place, MutableIncident home)
{
    public Alert Alert => joined.Alert;

    public ulong Key { get; } = joined.Alert.Fingerprint;

    /// <summary>How it came to fire. The very same one again has only moved from one incident to another; its time would not tell, a placed alert ends and fires in one second.</summary>
    public AlertTransition Fired => joined.Transition;

    /// <summary>Its node, or what it speaks of where that is on none.</summary>
    public EntityId? Place => place;

    public MutableIncident Home { get; set; } = home;

    public bool Fires { get; set; } = true;

    /// <summary>True where the classifier moved it to the digest: it is not silenced, and wakes nobody either.</summary>
    public bool IsInDigest { get; } = joined.Marks.Any(mark => mark.Reason == NoiseReason.Digest);

    public bool IsMaintenance => Alert.FaultClass == FaultClass.Maintenance;

    /// <summary>The cause that it is a symptom of, where one was active when it fired.</summary>
    public ulong? Below { get; } = joined.Alert.Labels[AlertLabel.Role] == AlertLabel.RoleSymptom
        && joined.Marks.FirstOrDefault(mark => mark.Reason == NoiseReason.Inhibited) is { } mark
        && ulong.TryParse(mark.By, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var cause) ? cause : null;

    /// <summary>The silence that covers it; null where none does.</summary>
    public Silence? Silence { get; set; }

    /// <summary>What keeps it quiet by itself: a silence, or work on its place.</summary>
    public Cover? Own { get; set; }

    /// <summary>The same, or what keeps its cause quiet; null where it is to be told.</summary>
    public Cover? Cover { get; set; }
}
