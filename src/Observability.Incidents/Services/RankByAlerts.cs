using System.Globalization;

namespace Observability.Incidents;

/// <summary>
/// Ranks services, instances and hosts as the cause of an incident, from alerts and a typed graph. Whatever fires is weighed by how rarely it has
/// fired in earlier incidents at this node and at its like, and explained at the level where it is all alike: one instance, the whole service,
/// the host. Of a slow caller and a slow callee, the callee is to blame. It learns from alerts alone, never from who was to blame.
/// docs/service-ranking.md has the method.
/// </summary>
public sealed class RankByAlerts
{
    private const int MostEvidence = 4;

    private readonly ServiceGraph _graph;
    private readonly AlertRankingOptions _options;
    private readonly AlertMemory[] _memories;

    /// <summary>A ranker that has seen no incident yet.</summary>
    /// <param name="graph">The system.</param>
    /// <param name="options">What to go by; the defaults where null.</param>
    public RankByAlerts(ServiceGraph graph, AlertRankingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        _graph = graph;
        _options = options ?? new AlertRankingOptions();
        _memories = [new AlertMemory(_options.QuickHalfLife, _options), new AlertMemory(_options.SlowHalfLife, _options)];
    }

    private RankByAlerts(ServiceGraph graph, AlertRankingOptions options, AlertMemory[] memories) => (_graph, _options, _memories) = (graph, options, memories);

    /// <summary>The same ranker, with all that it remembers, over another state of the system.</summary>
    public RankByAlerts Over(ServiceGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new RankByAlerts(graph, _options, _memories);
    }

    /// <summary>The nodes that something speaks for, likeliest first; none where there are no alerts. Scores are log-likelihood ratios.</summary>
    /// <param name="alerts">Of one incident, in any order, repeats included.</param>
    public IReadOnlyList<RankedNode> Rank(IReadOnlyCollection<ServiceAlert> alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        var scene = Scene(alerts);
        var cases = _graph.Nodes.Union(alerts.Select(alert => alert.Entity), StringComparer.Ordinal)
            .ToDictionary(node => node, node => CaseOf(node, scene), StringComparer.Ordinal);
        var first = alerts.GroupBy(alert => alert.Entity, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Min(alert => alert.At) ?? DateTimeOffset.MaxValue, StringComparer.Ordinal);
        return [.. cases.Select(one => Judge(one.Key, one.Value, cases, scene)).Where(node => node.Score > 0)
            .OrderByDescending(node => node.Score).ThenBy(node => first.GetValueOrDefault(node.Id, DateTimeOffset.MaxValue)).ThenBy(node => node.Id, StringComparer.Ordinal)];
    }

    /// <summary>An incident is over: what fired in it is less of a surprise from now on.</summary>
    public void Remember(IReadOnlyCollection<ServiceAlert> alerts)
    {
        ArgumentNullException.ThrowIfNull(alerts);
        var fired = Scene(alerts).Fired.ToArray();
        foreach (var memory in _memories)
            memory.Add(fired);
    }

    private AlertScene Scene(IEnumerable<ServiceAlert> alerts) => new(alerts, _graph, _memories, _options);

    private Case CaseOf(string node, AlertScene scene)
    {
        double requests = 0, rest = 0;
        var parts = _graph.Parts(node);
        var isService = parts.Count > 0 && (_graph.Callees(node).Count > 0 || _graph.Callers(node).Count > 0);
        // What befalls the only thing on a host says nothing of the host.
        if (parts.Count == 1 && !isService)
            parts = [];
        foreach (var source in Enum.GetValues<ServiceAlertSource>())
        {
            var own = Sum(source, scene.FiringAt(node).Where(kind => kind.Source == source).Select(kind => scene.At(node, kind)));
            var ofParts = Sum(source, parts.SelectMany(scene.FiringAt).Where(kind => kind.Source == source).Distinct().Select(kind => scene.AtPartsOf(node, kind)));
            // Requests are what a caller shares with its callee. A service that has instances is itself seen only through them.
            if (source == ServiceAlertSource.Trace)
                requests += own + ofParts;
            else if (source == ServiceAlertSource.Metric && isService)
                (requests, rest) = (requests + own, rest + ofParts);
            else
                rest += own + ofParts;
        }

        return new Case(requests, rest);
    }

    // Metrics are signs of their own; one trouble shows on many operations and writes many lines, so that further ones count ever less.
    private double Sum(ServiceAlertSource source, IEnumerable<double> ratios)
    {
        var (sum, weight) = (0.0, 1.0);
        foreach (var ratio in ratios.Where(ratio => ratio > 0).OrderDescending())
        {
            sum += weight * ratio;
            weight *= source == ServiceAlertSource.Metric ? 1 : _options.Repetition;
        }

        return sum;
    }

    private RankedNode Judge(string node, Case own, Dictionary<string, Case> cases, AlertScene scene)
    {
        var (callee, blamed) = Asked(node).Where(cases.ContainsKey).Select(other => (other, cases[other].Requests + cases[other].Rest))
            .OrderByDescending(other => other.Item2).ThenBy(other => other.Item1, StringComparer.Ordinal).FirstOrDefault();
        var passed = Math.Min(blamed, own.Requests);
        var score = Math.Round(own.Rest + own.Requests - passed, 6);
        return new RankedNode(node, score, score <= 0 ? [] : [.. Evidence(node, scene), .. passed > 0 ? [Line($"{passed:0.0} of it is laid to {callee}, which it calls")] : Array.Empty<string>()]);
    }

    // An instance asks whom its service calls, and of a service that is asked any instance may answer.
    private IEnumerable<string> Asked(string node) => _graph.Wholes(node).Append(node).SelectMany(_graph.Callees).SelectMany(callee => _graph.Parts(callee).Prepend(callee));

    private IEnumerable<string> Evidence(string node, AlertScene scene)
    {
        var parts = _graph.Parts(node);
        return scene.FiringAt(node).Select(kind => (Ratio: scene.At(node, kind), Text: Line($"{kind.Source}: {kind.Type}")))
            .Concat(parts.SelectMany(scene.FiringAt).Distinct().Select(kind => (
                Ratio: scene.AtPartsOf(node, kind),
                Text: Line($"{kind.Source}: {kind.Type} at {parts.Count(part => scene.Fires(part, kind))} of {parts.Count} parts"))))
            .Where(line => line.Ratio > 0).OrderByDescending(line => line.Ratio).ThenBy(line => line.Text, StringComparer.Ordinal).Take(MostEvidence)
            .Select(line => Line($"{line.Text} (log-likelihood ratio {line.Ratio:0.0})"));
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>What speaks for a node: by requests, which its callees may explain, and by all else.</summary>
    private readonly record struct Case(double Requests, double Rest);
}
