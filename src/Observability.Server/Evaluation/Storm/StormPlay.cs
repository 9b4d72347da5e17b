using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>Plays a storm through the stages from deduplication to correlation, second by second, and follows which alert is where.</summary>
internal sealed class StormPlay
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SyntheticStorm _storm;
    private readonly Deduplicate _deduplicate;
    private readonly DampFlapping _damp;
    private readonly Silencer _silence = new();
    private readonly Inhibit _inhibit;
    private readonly ScoreNoise _score;
    private readonly Correlate _correlate;
    private readonly PriorityQueue<Alert, DateTimeOffset> _ends = new();
    private readonly Dictionary<ulong, StormAlert> _firing = [];
    private readonly Dictionary<StormAlert, string> _incidents = new(ReferenceEqualityComparer.Instance);

    public StormPlay(SyntheticStorm storm)
    {
        var options = new IncidentsOptions();
        (_storm, _deduplicate, _damp, _inhibit) = (storm, new Deduplicate(options, storm.View), new DampFlapping(options), new Inhibit(storm.View));
        (_score, _correlate) = (new ScoreNoise(options, new OnCallMemory(storm.View, new QuestionOptions { PerDay = 0 }), ModelShelf.Open("")), new Correlate(options, storm.View));
    }

    /// <summary>The incident that each alert ended in; those missing opened and joined none.</summary>
    public IReadOnlyDictionary<StormAlert, string> Run()
    {
        var next = 0;
        for (var now = _storm.Alerts[0].At; next < _storm.Alerts.Count || _ends.Count > 0; now += Second)
        {
            while (_ends.TryPeek(out var ended, out var at) && at <= now)
            {
                _ends.Dequeue();
                Take(ended with { State = AlertState.Resolved, EndsAt = at, UpdatedAt = now }, now);
            }

            for (; next < _storm.Alerts.Count && _storm.Alerts[next].At <= now; next++)
                Take(_storm.Alerts[next], now);
            Follow(_correlate.Advance(now));
        }

        return _incidents;
    }

    private void Take(StormAlert one, DateTimeOffset now)
    {
        if (_firing.TryAdd(one.Alert.Fingerprint, one))
            _ends.Enqueue(one.Alert, one.EndsAt);
        Take(one.Alert, now);
    }

    private void Take(Alert alert, DateTimeOffset now)
    {
        foreach (var transition in _deduplicate.Process(alert, now))
        {
            foreach (var screened in _damp.Process(transition, now).SelectMany(one => _silence.Process(one, now)).SelectMany(one => _inhibit.Process(one, now)).SelectMany(one => _score.Process(one, now)))
                Follow(_correlate.Process(screened, now));
            if (transition.Kind == AlertTransitionKind.Resolved)
                _firing.Remove(alert.Fingerprint);
        }
    }

    private void Follow(IEnumerable<IncidentChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.Kind is (IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined) && change.Alert is { } joined && _firing.TryGetValue(joined.Alert.Fingerprint, out var one))
                _incidents[one] = change.Incident.Id;
        }
    }
}
