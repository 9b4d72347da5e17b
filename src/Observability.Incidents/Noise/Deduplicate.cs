using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Lets changes through and holds repeats back. Locates each alert in the topology. An alert whose sender falls silent
/// ends when its <c>endsAt</c> has passed, as in Alertmanager.
/// </summary>
public sealed class Deduplicate(IncidentsOptions options, TopologyView topology) : IStage<Alert, AlertTransition>
{
    private readonly Dictionary<ulong, Alert> _active = [];

    /// <inheritdoc/>
    public string Name => "deduplicate";

    /// <summary>Alerts that are active now.</summary>
    public int ActiveCount => _active.Count;

    /// <inheritdoc/>
    public IEnumerable<AlertTransition> Process(Alert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var key = item.Fingerprint;
        var isKnown = _active.TryGetValue(key, out var known);
        if (item.State == AlertState.Resolved || item.EndsAt <= now)
            return isKnown ? [End(key, known!, item.EndsAt ?? now, now)] : [];
        if (isKnown)
        {
            _active[key] = Merge(known!, item);
            return known!.Entity is null && topology.Current.Locate(item.Labels) is { } place ? Place(key, place, now) : [];
        }

        if (_active.Count >= options.MaximumActiveAlerts)
        {
            IncidentsMetrics.Refused.Add(1);
            return [];
        }

        var located = item with { Entity = item.Entity ?? topology.Current.Locate(item.Labels) };
        _active[key] = located;
        return [new AlertTransition(located, AlertTransitionKind.Fired, now)];
    }

    /// <inheritdoc/>
    public IEnumerable<AlertTransition> Advance(DateTimeOffset now)
    {
        var over = _active.Where(pair => pair.Value.EndsAt <= now).Select(pair => pair.Key).Order().ToArray();
        return over.Select(key => End(key, _active[key], _active[key].EndsAt!.Value, now));
    }

    /// <summary>Takes back what the journal knows; senders get a while to speak again after a restart.</summary>
    public void Restore(AlertTransition transition, TimeSpan grace)
    {
        ArgumentNullException.ThrowIfNull(transition);
        var key = transition.Alert.Fingerprint;
        if (transition.Kind == AlertTransitionKind.Fired)
            _active[key] = transition.Alert with { EndsAt = transition.Alert.EndsAt + grace };
        else
            _active.Remove(key);
    }

    // It came before the topology knew its place. What has been made of it until now stands on nothing, so it ends and fires anew.
    private AlertTransition[] Place(ulong key, EntityId place, DateTimeOffset now)
    {
        var known = _active[key];
        var end = End(key, known, now, now);
        var located = _active[key] = known with { Entity = place };
        return [end, new AlertTransition(located, AlertTransitionKind.Fired, now)];
    }

    private AlertTransition End(ulong key, Alert alert, DateTimeOffset endsAt, DateTimeOffset now)
    {
        _active.Remove(key);
        return new AlertTransition(alert with { State = AlertState.Resolved, EndsAt = endsAt, UpdatedAt = now }, AlertTransitionKind.Resolved, now);
    }

    private static Alert Merge(Alert known, Alert newer) => known with
    {
        StartsAt = known.StartsAt < newer.StartsAt ? known.StartsAt : newer.StartsAt,
        EndsAt = newer.EndsAt,
        UpdatedAt = newer.UpdatedAt,
        Annotations = newer.Annotations,
    };
}
