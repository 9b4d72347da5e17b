using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// What the classifier of actionability remembers: the alerts of late, what people said of them, and what they were asked. A fold over what the
/// journal holds, so that after a restart it is what it was; the noise steps write it, and whoever asks, trains or measures reads it in between.
/// </summary>
public sealed class OnCallMemory
{
    /// <summary>Alerts of late that a model is compared with.</summary>
    public const int RecentAlerts = 1_000;

    // A storm is one thing that happened, not a thousand: a rule enters what is compared once in a while only.
    private static readonly TimeSpan RuleGap = TimeSpan.FromMinutes(5);

    private readonly AlertHistory _history;
    private readonly LabelLedger _ledger = new();
    private readonly QuestionDesk _desk;
    private readonly Dictionary<string, Incident> _incidents = new(StringComparer.Ordinal);
    private readonly Queue<string> _incidentOrder = new();
    private readonly Queue<ScoredAlert> _recent = new();
    private readonly Dictionary<string, DateTimeOffset> _entered = new(StringComparer.Ordinal);

    /// <summary>A memory of nothing.</summary>
    /// <param name="topology">The fleet, for what hangs on an entity.</param>
    /// <param name="questions">How often to ask.</param>
    public OnCallMemory(TopologyView topology, QuestionOptions questions) => (_history, _desk) = (new AlertHistory(topology), new QuestionDesk(questions));

    /// <summary>Labelled alerts.</summary>
    public int Labels => _ledger.Count;

    /// <summary>Labels when the last training began; 0 before the first.</summary>
    public int LabelsTrained { get; private set; }

    /// <summary>When the last training ended; null before the first.</summary>
    public DateTimeOffset? TrainedAt { get; private set; }

    /// <summary>The question to ask now; null where none is worth it.</summary>
    public Question? NextQuestion(DateTimeOffset now)
    {
        if (_ledger.Count == 0 && !_ledger.Alerts.Any())
            return null;
        return _desk.Choose(_ledger.Alerts, _ledger.Labels().Select(label => label.Thing).ToHashSet(), now);
    }

    /// <summary>The incident as it last was; null where it is unknown or long over.</summary>
    public Incident? IncidentOf(string id) => _incidents.GetValueOrDefault(id);

    /// <summary>Takes note of a question that is in the journal.</summary>
    public void Ask(Question question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var about = _ledger.Find(question.Fingerprint);
        _desk.Remember(question, about?.Features);
    }

    /// <summary>Takes note of a training that is in the journal.</summary>
    public void Train(ModelTraining training)
    {
        ArgumentNullException.ThrowIfNull(training);
        (LabelsTrained, TrainedAt) = (training.Labels, training.At);
    }

    /// <summary>Takes note of which incident an alert joined.</summary>
    public void Follow(IncidentChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        const int maximum = 2_000;
        if (!_incidents.ContainsKey(change.Incident.Id))
            _incidentOrder.Enqueue(change.Incident.Id);
        _incidents[change.Incident.Id] = change.Incident;
        while (_incidentOrder.Count > maximum)
            _incidents.Remove(_incidentOrder.Dequeue());
        if (change.Alert is { } screened && change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
            _ledger.Join(screened.Alert.Fingerprint, change.Incident.Id);
    }

    /// <summary>What a person said becomes labels, and what is known of the like of those alerts.</summary>
    public void Accept(Command command, DateTimeOffset now)
    {
        IEnumerable<LabelledAlert> said = command switch
        {
            AnswerQuestion answer when _desk.Find(answer.QuestionId) is { } question => _ledger.Answer(question, answer.Answer, now) is { } label ? [label] : [],
            GiveFeedback feedback => _ledger.Judge(feedback.IncidentId, feedback.WasUseful, now),
            _ => [],
        };
        foreach (var label in said)
            _history.Hear(label.Thing, label.WasWorthIt, label.Weight, now);
    }

    /// <summary>Scores an alert that fires and remembers it.</summary>
    internal double Score(ScreenedAlert item, Func<float[], double> score, DateTimeOffset now)
    {
        var features = ActionabilityFeatures.Of(item, _history, now);
        var probability = score(features);
        Remember(item, features, probability, now);
        return probability;
    }

    /// <summary>What an alert that ends got when it fired; scored anew where that is forgotten.</summary>
    internal double ScoreAgain(ScreenedAlert item, Func<float[], double> score, DateTimeOffset now) =>
        _ledger.Find(item.Alert.Fingerprint)?.Probability ?? score(ActionabilityFeatures.Of(item, _history, now));

    /// <summary>What there is to learn from and to compare with, as it is now; safe to be read elsewhere.</summary>
    public LearningData Data() => new([.. _ledger.Labels()], [.. _recent.Select(alert => alert.Features)], [.. _recent.Select(alert => alert.Probability)]);

    /// <summary>The features of the alert that was scored last under a fingerprint.</summary>
    internal float[]? FeaturesOf(ulong fingerprint) => _ledger.Find(fingerprint)?.Features;

    private void Remember(ScreenedAlert item, float[] features, double probability, DateTimeOffset now)
    {
        var alert = item.Alert;
        var summary = alert.Annotations["summary"];
        var scored = new ScoredAlert
        {
            Fingerprint = alert.Fingerprint,
            Rule = alert.Name,
            Entity = alert.Entity,
            Summary = summary.Length > 0 ? summary : alert.Name,
            FiredAt = now,
            Features = features,
            Probability = probability,
            WasReduced = !item.IsLoud,
            MayMove = ScoreNoise.MayMove(alert),
        };
        _ledger.Remember(scored);
        _history.Remember(alert, now);
        if (_entered.TryGetValue(alert.Name, out var before) && now - before < RuleGap)
            return;
        if (_entered.Count >= 10_000)
            _entered.Clear();
        _entered[alert.Name] = now;
        _recent.Enqueue(scored);
        while (_recent.Count > RecentAlerts)
            _recent.Dequeue();
    }
}
