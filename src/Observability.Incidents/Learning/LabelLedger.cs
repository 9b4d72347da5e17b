using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Which alerts fired lately, which incident each belongs to, and what people said of them: of one alert as the answer to a question, or of a
/// whole incident as feedback. What was said last counts.
/// </summary>
internal sealed class LabelLedger
{
    // Alerts whose features wait for a label; an incident that is judged later than this many alerts after it teaches nothing.
    private const int MaximumAlerts = 20_000;
    private const int MaximumLabels = 20_000;

    // More alerts of one incident are more of the same: they share its one label anyway.
    private const int MaximumOfIncident = 32;

    private readonly Dictionary<ulong, ScoredAlert> _alerts = [];
    private readonly Queue<ScoredAlert> _order = new();
    private readonly Dictionary<string, List<ScoredAlert>> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (bool IsAnswer, LabelledAlert[] Labels)> _labels = new(StringComparer.Ordinal);
    private readonly Queue<string> _labelOrder = new();

    /// <summary>Alerts with an answer or a share of an incident's feedback.</summary>
    public int Count => _labels.Values.Sum(said => said.Labels.Length);

    /// <summary>Alerts that fired lately, the oldest first.</summary>
    public IEnumerable<ScoredAlert> Alerts => _order;

    /// <summary>All labels by the time their alerts fired; an answer about an alert stands before the feedback of its incident.</summary>
    public IReadOnlyList<LabelledAlert> Labels()
    {
        var answered = _labels.Values.Where(said => said.IsAnswer).SelectMany(said => said.Labels).ToArray();
        var known = answered.Select(label => (label.IncidentId, label.Thing)).ToHashSet();
        return
        [
            .. _labels.Values.Where(said => !said.IsAnswer).SelectMany(said => said.Labels).Where(label => !known.Contains((label.IncidentId, label.Thing))).Concat(answered)
                .OrderBy(label => label.FiredAt).ThenBy(label => label.Thing.Rule, StringComparer.Ordinal).ThenBy(label => label.Thing.Entity?.ToString(), StringComparer.Ordinal),
        ];
    }

    public void Remember(ScoredAlert alert)
    {
        _alerts[alert.Fingerprint] = alert;
        _order.Enqueue(alert);
        while (_order.Count > MaximumAlerts)
            Forget(_order.Dequeue());
    }

    public ScoredAlert? Find(ulong fingerprint) => _alerts.GetValueOrDefault(fingerprint);

    /// <summary>The alert is part of an incident from now on.</summary>
    public void Join(ulong fingerprint, string incidentId)
    {
        if (Find(fingerprint) is not { } alert || alert.IncidentId == incidentId)
            return;
        Leave(alert);
        alert.IncidentId = incidentId;
        if (!_members.TryGetValue(incidentId, out var members))
            _members[incidentId] = members = [];
        members.Add(alert);
    }

    /// <summary>An answer about one alert.</summary>
    public LabelledAlert? Answer(Question question, LabelAnswer answer, DateTimeOffset now)
    {
        if (answer == LabelAnswer.Unknown)
        {
            _labels.Remove(question.Id);
            return null;
        }

        // The alert may have fired again since; what was asked about is the one of then.
        var alert = Find(question.Fingerprint) is { } found && found.FiredAt == question.FiredAt
            ? found
            : _order.LastOrDefault(one => one.Fingerprint == question.Fingerprint && one.FiredAt == question.FiredAt);
        if (alert is null)
            return null;
        var label = Label(alert, answer == LabelAnswer.Yes, 1, now);
        Keep(question.Id, isAnswer: true, [label]);
        return label;
    }

    /// <summary>Feedback about an incident: its alerts share one label, those that were reduced count as well, since they were signs of the same thing.</summary>
    public IReadOnlyList<LabelledAlert> Judge(string incidentId, bool wasUseful, DateTimeOffset now)
    {
        if (!_members.TryGetValue(incidentId, out var members) || members.Count == 0)
            return [];
        // One of a kind: a hundred nodes that say the same are one opinion.
        var told = members.GroupBy(alert => alert.Rule, StringComparer.Ordinal).Select(group => group.First()).Take(MaximumOfIncident).ToArray();
        var labels = told.Select(alert => Label(alert, wasUseful, 1.0 / told.Length, now)).ToArray();
        Keep(incidentId, isAnswer: false, labels);
        return labels;
    }

    private static LabelledAlert Label(ScoredAlert alert, bool wasWorthIt, double weight, DateTimeOffset now) =>
        new(alert.Features, wasWorthIt, weight, alert.Probability) { IncidentId = alert.IncidentId, FiredAt = alert.FiredAt, Thing = alert.Thing, SaidAt = now };

    private void Keep(string key, bool isAnswer, LabelledAlert[] labels)
    {
        if (!_labels.ContainsKey(key))
            _labelOrder.Enqueue(key);
        _labels[key] = (isAnswer, labels);
        while (_labelOrder.Count > MaximumLabels)
            _labels.Remove(_labelOrder.Dequeue());
    }

    private void Forget(ScoredAlert alert)
    {
        Leave(alert);
        if (_alerts.TryGetValue(alert.Fingerprint, out var newest) && ReferenceEquals(newest, alert))
            _alerts.Remove(alert.Fingerprint);
    }

    private void Leave(ScoredAlert alert)
    {
        if (!_members.TryGetValue(alert.IncidentId, out var members))
            return;
        members.Remove(alert);
        if (members.Count == 0)
            _members.Remove(alert.IncidentId);
    }
}
