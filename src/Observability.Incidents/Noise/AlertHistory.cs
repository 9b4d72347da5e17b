using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// What is known about an alert beside itself when it fires: how often it and its like fired lately, what hangs on its entity, and what
/// people said of its like. A fold over alerts and labels, the same in training and in life, so that a feature means the same in both.
/// </summary>
internal sealed class AlertHistory(TopologyView topology)
{
    /// <summary>Features that it gives, in order.</summary>
    public static readonly string[] Names =
        ["rule_rate", "entity_rate", "repeats", "recency", "degree", "job_ranks", "in_job", "hour_sin", "hour_cos", "weekend", "rule_worth", "rule_answers", "entity_worth"];

    private const int MaximumKeys = 100_000;

    // Firings are about now; what people said stays true for longer, and a team's mind changes within a quarter.
    private static readonly TimeSpan FiringHalfLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan WordHalfLife = TimeSpan.FromDays(60);

    private readonly DecayingCounts<string> _rules = new(FiringHalfLife, MaximumKeys);
    private readonly DecayingCounts<EntityId> _entities = new(FiringHalfLife, MaximumKeys);
    private readonly DecayingCounts<(string, EntityId?)> _same = new(FiringHalfLife, MaximumKeys);
    private readonly DecayingCounts<(string Rule, bool Worth)> _ruleWords = new(WordHalfLife, MaximumKeys);
    private readonly DecayingCounts<(EntityId Entity, bool Worth)> _entityWords = new(WordHalfLife, MaximumKeys);
    private readonly Dictionary<EntityId, (int Degree, int Ranks)> _reach = [];
    private Topology _seen = Topology.Empty;

    /// <summary>Writes the features of an alert as it stands before it is counted itself.</summary>
    public void Write(Alert alert, DateTimeOffset now, Span<float> into)
    {
        var (degree, ranks) = alert.Entity is { } about ? ReachOf(about) : (0, 0);
        var day = 2 * Math.PI * now.UtcDateTime.TimeOfDay.TotalDays;
        into[0] = Log(_rules.At(alert.Name, now));
        into[1] = alert.Entity is { } entity ? Log(_entities.At(entity, now)) : 0;
        into[2] = Log(_same.At((alert.Name, alert.Entity), now));
        into[3] = _same.Last((alert.Name, alert.Entity)) is { } last ? (float)(1 / (1 + Math.Max(0, (now - last).TotalHours))) : 0;
        into[4] = Log(degree);
        into[5] = Log(ranks) / 2;
        into[6] = ranks > 0 ? 1 : 0;
        into[7] = (float)Math.Sin(day);
        into[8] = (float)Math.Cos(day);
        into[9] = now.UtcDateTime.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : 0;
        var (yes, no) = (_ruleWords.At((alert.Name, true), now), _ruleWords.At((alert.Name, false), now));
        into[10] = Worth(yes, no);
        into[11] = Log(yes + no);
        into[12] = alert.Entity is { } its ? Worth(_entityWords.At((its, true), now), _entityWords.At((its, false), now)) : 0;
    }

    /// <summary>Counts an alert that fired.</summary>
    public void Remember(Alert alert, DateTimeOffset now)
    {
        _rules.Add(alert.Name, now);
        _same.Add((alert.Name, alert.Entity), now);
        if (alert.Entity is { } entity)
            _entities.Add(entity, now);
    }

    /// <summary>Counts what a person said of an alert.</summary>
    /// <param name="alert">The alert's name and what it was about.</param>
    /// <param name="wasWorthIt">Whether someone had to act.</param>
    /// <param name="weight">1 for an answer about this alert, less for a part of one.</param>
    /// <param name="now">When it was said.</param>
    public void Hear((string Rule, EntityId? Entity) alert, bool wasWorthIt, double weight, DateTimeOffset now)
    {
        _ruleWords.Add((alert.Rule, wasWorthIt), now, weight);
        if (alert.Entity is { } entity)
            _entityWords.Add((entity, wasWorthIt), now, weight);
    }

    private static float Log(double count) => (float)Math.Log(1 + count);

    // Shrunk towards "nobody said anything", which is 0: one answer is worth a third of full certainty. −1 noise, 1 worth it.
    private static float Worth(double yes, double no) => (float)((yes - no) / (yes + no + 2));

    private (int Degree, int Ranks) ReachOf(EntityId entity)
    {
        var graph = topology.Current;
        if (!ReferenceEquals(graph, _seen) || _reach.Count >= MaximumKeys)
        {
            _reach.Clear();
            _seen = graph;
        }

        if (!_reach.TryGetValue(entity, out var reach))
            _reach[entity] = reach = (graph.EdgesOf(entity).Count(), graph.JobsOn(entity).Sum(job => RanksOf(graph, job)));
        return reach;
    }

    private int RanksOf(Topology graph, EntityId job)
    {
        if (_reach.TryGetValue(job, out var known))
            return known.Ranks;
        var ranks = graph.In(job, EdgeKind.MemberOf).Count();
        _reach[job] = (graph.EdgesOf(job).Count(), ranks);
        return ranks;
    }
}
