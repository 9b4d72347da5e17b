using Observability.Model;

namespace Observability.Incidents;

/// <summary>An open incident as muting counts it: what fires, and what of it is kept quiet.</summary>
internal sealed class MutableIncident
{
    private readonly Dictionary<Cover, int> _covers = [];
    private int _firing;
    private int _loud;
    private int _inDigest;

    /// <summary>The incident after its last change, with its mute.</summary>
    public required Incident Incident { get; set; }

    public HashSet<QuietAlert> Alerts { get; } = [];

    /// <summary>Counts an alert that fires, or takes it out of the count again.</summary>
    public void Count(QuietAlert alert, int by)
    {
        if (!alert.Fires)
            return;
        _firing += by;
        if (alert.Cover is { } cover)
        {
            var count = _covers.GetValueOrDefault(cover) + by;
            if (count == 0)
                _covers.Remove(cover);
            else
                _covers[cover] = count;
        }
        else if (alert.IsInDigest)
        {
            _inDigest += by;
        }
        else
        {
            _loud += by;
        }
    }

    /// <summary>
    /// Whether it is muted, as its alerts are now. Only an alert that fires and may wake somebody lifts a mute: what has ended asks for nobody,
    /// and what is in the digest does not either.
    /// </summary>
    public IncidentMute? Decide(DateTimeOffset now)
    {
        var before = Incident.Mute;
        if (_firing == 0)
            return before;
        if (_loud > 0)
            return null;
        if (_covers.Count == 0)
            return before is null ? null : before with { Reason = "all that fires of it is in the digest", Until = null, IsInDigest = true };
        var first = _covers.Keys.OrderBy(cover => cover.Until ?? DateTimeOffset.MaxValue).ThenBy(cover => cover.By, StringComparer.Ordinal).First();
        return new IncidentMute(first.By, first.Reason, before?.Since ?? now, first.Until) { IsInDigest = _inDigest > 0 };
    }
}
