using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Says of each incident whether anybody is told of it. It is muted while something of it fires and all of that is silenced, below a silenced cause, or
/// on a node that is announced to be worked on; one alert more that may wake somebody, or the end of the silence, lifts that. Incidents pass with the mark
/// and are otherwise unchanged: what is grouped, ranked and charged does not depend on it. docs/decisions/0071 says why this is a step of its own.
/// </summary>
/// <param name="silences">What is silenced.</param>
/// <param name="topology">Says which node an alert is on.</param>
public sealed class Mute(Silences silences, TopologyView topology) : IStage<IncidentChange, IncidentChange>
{
    private readonly SortedDictionary<string, MutableIncident> _open = new(StringComparer.Ordinal);
    private readonly QuietAlerts _alerts = new(silences, topology);

    /// <inheritdoc/>
    public string Name => "mute";

    /// <summary>Incidents and alerts that are remembered.</summary>
    internal (int Incidents, int Alerts) Remembered => (_open.Count, _alerts.Count);

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Process(IncidentChange item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var changes = Follow(now);
        var id = item.Incident.Id;
        if (item.Incident.IsOver)
        {
            changes.Add(Close(item));
            changes.AddRange(Tell($"{id} is over", now));
            return changes;
        }

        if (!_open.TryGetValue(id, out var open))
            _open[id] = open = new MutableIncident { Incident = item.Incident };
        open.Incident = item.Incident with { Mute = open.Incident.Mute };
        if (item is { Alert: { IsShadow: false } joined, Kind: IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined })
            _alerts.Join(joined, open, now);
        else if (item is { Alert: { } ended, Kind: IncidentChangeKind.AlertResolved })
            _alerts.End(ended.Alert.Fingerprint);
        // The change itself carries what it leads to, so that no reader acts on a state between the two.
        changes.Add(item with { Incident = open.Incident with { Mute = open.Decide(now) } });
        changes.AddRange(Tell(item.Alert is { } alert ? Why(item.Kind, alert.Alert.Name) : "", now));
        return changes;
    }

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Advance(DateTimeOffset now) => Follow(now);

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Accept(Command command, DateTimeOffset now) => Follow(now);

    private List<IncidentChange> Follow(DateTimeOffset now)
    {
        _alerts.Look(now);
        return Tell("the silence has ended and its alerts still fire", now);
    }

    private IncidentChange Close(IncidentChange item)
    {
        if (!_open.Remove(item.Incident.Id, out var open))
            return item;
        _alerts.Forget(open);
        return item with { Incident = item.Incident with { Mute = open.Incident.Mute } };
    }

    private List<IncidentChange> Tell(string whyLoud, DateTimeOffset now)
    {
        if (_alerts.Changed.Count == 0)
            return [];
        var changes = new List<IncidentChange>();
        foreach (var open in _alerts.Changed.OrderBy(one => one.Incident.Id, StringComparer.Ordinal))
        {
            var (before, after) = (open.Incident.Mute, open.Decide(now));
            var isNews = after is null ? before is not null : !after.IsLike(before);
            if (!isNews)
                continue;
            open.Incident = open.Incident with { Mute = after, UpdatedAt = now };
            changes.Add(after is null
                ? new IncidentChange(open.Incident, IncidentChangeKind.Unmuted, now, $"tells again: {whyLoud}")
                : new IncidentChange(open.Incident, IncidentChangeKind.Muted, now, $"muted, {after.Reason}{Until(after)}"));
        }

        _alerts.Changed.Clear();
        return changes;
    }

    private static string Why(IncidentChangeKind kind, string alert) => kind == IncidentChangeKind.AlertResolved
        ? $"{alert} has ended, and what it explained still fires"
        : $"{alert} fires and is not silenced";

    private static string Until(IncidentMute mute) =>
        mute.Until is { } until ? string.Create(CultureInfo.InvariantCulture, $", until {until.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";
}
