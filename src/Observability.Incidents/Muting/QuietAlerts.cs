using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// The alerts of open incidents and what keeps each of them quiet. An alert that comes or goes costs its neighbours only; a silence that begins or
/// ends costs one look at each alert. All of it is forgotten with its incident.
/// </summary>
internal sealed class QuietAlerts(Silences silences, TopologyView topology)
{
    private readonly Dictionary<ulong, QuietAlert> _byKey = [];
    private readonly Dictionary<EntityId, HashSet<QuietAlert>> _byPlace = [];
    private readonly Dictionary<ulong, HashSet<QuietAlert>> _below = [];
    private readonly Dictionary<EntityId, SortedDictionary<ulong, Cover>> _work = [];
    private Silences.Step _seen = silences.Latest;

    /// <summary>Incidents whose counts have changed since they were last taken.</summary>
    public HashSet<MutableIncident> Changed { get; } = [];

    /// <summary>Alerts that are known.</summary>
    public int Count => _byKey.Count;

    /// <summary>An alert joins an incident: it fires, or moves there from another one.</summary>
    public void Join(ScreenedAlert joined, MutableIncident home, DateTimeOffset now)
    {
        if (_byKey.TryGetValue(joined.Alert.Fingerprint, out var known))
        {
            if (ReferenceEquals(known.Fired, joined.Transition))
            {
                Move(known, home);
                return;
            }

            Forget(known);
        }

        var entity = joined.Alert.Entity;
        var alert = new QuietAlert(joined, entity is { } about ? topology.Current.NodeOf(about) ?? about : null, home) { Silence = silences.Covering(joined.Alert.Labels, now) };
        Keep(alert);
        home.Count(alert, 1);
        Changed.Add(home);
        if (alert is { IsMaintenance: true, Place: { } place })
            Begin(alert, place);
        Look(alert);
        LookBelow(alert);
    }

    /// <summary>An alert ends; it may still move to another incident, ended as it is.</summary>
    public void End(ulong key)
    {
        if (_byKey.TryGetValue(key, out var alert) && alert.Fires)
            Stop(alert);
    }

    /// <summary>Takes in which silences have begun and ended since the last look.</summary>
    public void Look(DateTimeOffset now)
    {
        if (ReferenceEquals(_seen, silences.Latest))
            return;
        _seen = silences.Latest;
        foreach (var alert in _byKey.Values.Where(alert => alert.Fires).ToArray())
        {
            var before = alert.Silence;
            if (before is not null && _seen.Ended.Contains(before.Id))
                alert.Silence = silences.Covering(alert.Alert.Labels, now);
            foreach (var silence in _seen.Begun)
            {
                if ((alert.Silence is null || silence.EndsAt > alert.Silence.EndsAt) && silence.Covers(alert.Alert.Labels, now))
                    alert.Silence = silence;
            }

            if (alert.Silence != before)
                Look(alert);
        }
    }

    /// <summary>Forgets an incident with what is left of it.</summary>
    public void Forget(MutableIncident home)
    {
        foreach (var alert in home.Alerts.ToArray())
            Forget(alert);
        Changed.Remove(home);
    }

    private void Move(QuietAlert alert, MutableIncident home)
    {
        if (alert.Home == home)
            return;
        alert.Home.Count(alert, -1);
        alert.Home.Alerts.Remove(alert);
        Changed.Add(alert.Home);
        alert.Home = home;
        home.Alerts.Add(alert);
        home.Count(alert, 1);
        Changed.Add(home);
    }

    private void Forget(QuietAlert alert)
    {
        if (alert.Fires)
            Stop(alert);
        _byKey.Remove(alert.Key);
        alert.Home.Alerts.Remove(alert);
        if (alert.Place is { } place)
            Remove(_byPlace, place, alert);
        if (alert.Below is { } cause)
            Remove(_below, cause, alert);
    }

    private void Keep(QuietAlert alert)
    {
        _byKey[alert.Key] = alert;
        alert.Home.Alerts.Add(alert);
        if (alert.Place is { } place)
            Add(_byPlace, place, alert);
        if (alert.Below is { } cause)
            Add(_below, cause, alert);
    }

    private void Stop(QuietAlert alert)
    {
        alert.Home.Count(alert, -1);
        alert.Fires = false;
        Changed.Add(alert.Home);
        if (alert is { IsMaintenance: true, Place: { } place } && _work.TryGetValue(place, out var work) && work.Remove(alert.Key))
        {
            if (work.Count == 0)
                _work.Remove(place);
            LookAt(place);
        }

        LookBelow(alert);
    }

    private void Begin(QuietAlert alert, EntityId place)
    {
        if (!_work.TryGetValue(place, out var work))
            _work[place] = work = [];
        work[alert.Key] = Cover.Of(alert.Alert, topology.Current.NameOf(place));
        LookAt(place);
    }

    private void LookAt(EntityId place)
    {
        foreach (var alert in _byPlace.GetValueOrDefault(place) ?? [])
            Look(alert);
    }

    // A promise to look after a cause is one to look after what it does, as long as it is there.
    private void LookBelow(QuietAlert cause)
    {
        foreach (var alert in _below.GetValueOrDefault(cause.Key) ?? [])
            Look(alert);
    }

    private void Look(QuietAlert alert)
    {
        if (!alert.Fires)
            return;
        var own = alert.Silence is { } silence ? Cover.Of(silence)
            : alert.Place is { } place && _work.TryGetValue(place, out var work) ? work.First().Value
            : null;
        var cover = own ?? (alert.Below is { } key && _byKey.TryGetValue(key, out var cause) && cause.Fires ? cause.Own : null);
        if (cover != alert.Cover)
        {
            alert.Home.Count(alert, -1);
            alert.Cover = cover;
            alert.Home.Count(alert, 1);
            Changed.Add(alert.Home);
        }

        if (own == alert.Own)
            return;
        alert.Own = own;
        LookBelow(alert);
    }

    private static void Add<TKey>(Dictionary<TKey, HashSet<QuietAlert>> index, TKey key, QuietAlert alert)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var here))
            index[key] = here = [];
        here.Add(alert);
    }

    private static void Remove<TKey>(Dictionary<TKey, HashSet<QuietAlert>> index, TKey key, QuietAlert alert)
        where TKey : notnull
    {
        if (index.TryGetValue(key, out var here) && here.Remove(alert) && here.Count == 0)
            index.Remove(key);
    }
}
