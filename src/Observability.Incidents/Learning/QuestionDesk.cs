using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Chooses whom to ask about what: the alert whose answer teaches most. That is uncertainty times how much of what comes in looks like it
/// (information density, Settles and Craven 2008), less for what looks like something that was asked already. The same thing, a rule on an
/// entity, is never asked about twice, and the same rule not often.
/// </summary>
internal sealed class QuestionDesk(QuestionOptions options)
{
    private const int MaximumAsked = 20_000;

    // Alerts that are compared: enough for a day of a large fleet, few enough that a choice takes milliseconds.
    private const int Pool = 600;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly HashSet<(string, EntityId?)> _things = [];
    private readonly Dictionary<string, DateTimeOffset> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Question Question, float[]? Features)> _asked = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, DateTimeOffset At)> _order = new();
    private readonly Queue<DateTimeOffset> _lately = new();
    private int _count;

    /// <summary>A question that was asked; null where it is unknown.</summary>
    public Question? Find(string id) => _asked.TryGetValue(id, out var asked) ? asked.Question : null;

    /// <summary>Takes note of a question that was asked.</summary>
    public void Remember(Question question, float[]? features)
    {
        _count++;
        _things.Add((question.AlertName, question.Entity));
        _rules[question.AlertName] = question.AskedAt;
        _asked[question.Id] = (question, features);
        _order.Enqueue((question.Id, question.AskedAt));
        _lately.Enqueue(question.AskedAt);
        while (_order.Count > MaximumAsked)
        {
            var oldest = _order.Dequeue().Id;
            if (!_asked.Remove(oldest, out var gone))
                continue;
            _things.Remove((gone.Question.AlertName, gone.Question.Entity));
            if (_rules.TryGetValue(gone.Question.AlertName, out var last) && last == gone.Question.AskedAt)
                _rules.Remove(gone.Question.AlertName);
        }
    }

    /// <summary>The question to ask now; null where none is worth it or the day's number is used up.</summary>
    /// <param name="alerts">What fired lately, the oldest first.</param>
    /// <param name="labelled">Things that people spoke about already.</param>
    /// <param name="now">The clock.</param>
    public Question? Choose(IEnumerable<ScoredAlert> alerts, IReadOnlySet<(string Rule, EntityId? Entity)> labelled, DateTimeOffset now)
    {
        while (_lately.TryPeek(out var at) && at <= now - Day)
            _lately.Dequeue();
        if (_lately.Count >= options.PerDay || (_lately.Count > 0 && now - _lately.Last() < options.Gap))
            return null;
        var pool = alerts.TakeLast(Pool).ToArray();
        var best = pool.Where(alert => MayAsk(alert, labelled, now)).Select(alert => (Alert: alert, Worth: WorthOf(alert, pool)))
            .OrderByDescending(one => one.Worth.Value).ThenBy(one => one.Alert.FiredAt).ThenBy(one => one.Alert.Fingerprint).FirstOrDefault();
        return best.Alert is { } chosen && best.Worth.Value > 0 ? ToQuestion(chosen, best.Worth.Alike, now) : null;
    }

    /// <summary>4·p·(1−p): 1 where the model does not know, 0 where it is sure.</summary>
    internal static double Uncertainty(double probability) => 4 * probability * (1 - probability);

    private bool MayAsk(ScoredAlert alert, IReadOnlySet<(string, EntityId?)> labelled, DateTimeOffset now) =>
        alert is { WasReduced: false, MayMove: true } && alert.IncidentId.Length > 0 && now - alert.FiredAt <= options.Memory
        && Uncertainty(alert.Probability) >= options.LeastUncertainty && !_things.Contains(alert.Thing) && !labelled.Contains(alert.Thing)
        && !(_rules.TryGetValue(alert.Rule, out var asked) && now - asked < options.RuleGap);

    private (double Value, int Alike) WorthOf(ScoredAlert alert, ScoredAlert[] pool)
    {
        var (density, alike) = (0.0, 0);
        foreach (var other in pool)
        {
            var likeness = Likeness(alert.Features, other.Features);
            density += likeness;
            if (likeness > 0.5)
                alike++;
        }

        var known = _asked.Values.Sum(asked => asked.Features is { } features ? Likeness(alert.Features, features) : 0);
        return (Uncertainty(alert.Probability) * density / pool.Length / (1 + known), alike);
    }

    // Gaussian of the distance; all features lie within a few units of 0. One flag and one unit of history apart is half alike.
    private static double Likeness(float[] a, float[] b)
    {
        var distance = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var difference = a[i] - b[i];
            distance += difference * difference;
        }

        return Math.Exp(-distance * 0.35);
    }

    private Question ToQuestion(ScoredAlert alert, int alike, DateTimeOffset now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"Q-{_count + 1:000000}"),
        IncidentId = alert.IncidentId,
        Fingerprint = alert.Fingerprint,
        AlertName = alert.Rule,
        Entity = alert.Entity,
        Summary = alert.Summary,
        Probability = Math.Round(alert.Probability, 4),
        Alike = alike,
        FiredAt = alert.FiredAt,
        AskedAt = now,
    };
}
