using Observability.Model;

namespace Observability.Incidents;

/// <summary>Marks alerts and counts the marks.</summary>
internal static class Reductions
{
    public static ScreenedAlert Mark(ScreenedAlert alert, NoiseReason reason, string by, string detail)
    {
        if (alert.Transition.Kind == AlertTransitionKind.Fired)
            IncidentsMetrics.Reduced.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));
        return alert.Mark(new NoiseMark(reason, by, detail));
    }
}
