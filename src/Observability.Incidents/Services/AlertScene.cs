namespace Observability.Incidents;

/// <summary>
/// The alerts of one incident laid over the graph, each as a log-likelihood ratio: how much likelier it is to fire here, or to stay silent, if
/// the node is faulty than if it is not.
/// </summary>
internal sealed class AlertScene
{
    private const double LeastRate = 0.001;
    private const double MostRate = 0.98;

    private readonly ServiceGraph _graph;
    private readonly AlertRankingOptions _options;
    private readonly IReadOnlyList<AlertMemory> _memories;
    private readonly Dictionary<string, HashSet<AlertKind>> _firing = new(StringComparer.Ordinal);
    private readonly Dictionary<(string EntityKind, AlertKind Kind), int> _ofKind = [];

    public AlertScene(IEnumerable<ServiceAlert> alerts, ServiceGraph graph, IReadOnlyList<AlertMemory> memories, AlertRankingOptions options)
    {
        (_graph, _memories, _options) = (graph, memories, options);
        foreach (var alert in alerts)
        {
            if (!_firing.TryGetValue(alert.Entity, out var kinds))
                _firing[alert.Entity] = kinds = [];
            var kind = new AlertKind(alert.Source, alert.Type);
            if (kinds.Add(kind))
                _ofKind[(graph.KindOf(alert.Entity), kind)] = _ofKind.GetValueOrDefault((graph.KindOf(alert.Entity), kind)) + 1;
        }
    }

    /// <summary>Every node at which something fires, with its kind and what fires.</summary>
    public IEnumerable<(string Entity, string EntityKind, AlertKind Kind)> Fired => _firing.SelectMany(node => node.Value.Select(kind => (node.Key, _graph.KindOf(node.Key), kind)));

    /// <summary>Kinds of alert that fire at a node.</summary>
    public IReadOnlyCollection<AlertKind> FiringAt(string node) => _firing.TryGetValue(node, out var kinds) ? kinds : [];

    /// <summary>True where such an alert fires at the node.</summary>
    public bool Fires(string node, AlertKind kind) => _firing.TryGetValue(node, out var kinds) && kinds.Contains(kind);

    /// <summary>For a fault of the node itself: above 0 where its firing, or its silence, speaks for one.</summary>
    public double At(string node, AlertKind kind)
    {
        var rate = Rate(node, kind);
        return Fires(node, kind) ? Math.Log(_options.FiresWhenFaulty / rate) : Math.Log((1 - _options.FiresWhenFaulty) / (1 - rate));
    }

    /// <summary>For a fault of all that a node consists of: a part that stays silent speaks against it.</summary>
    public double AtPartsOf(string node, AlertKind kind) => _graph.Parts(node).Sum(part => At(part, kind));

    // The memory that has seen more of it is believed: what has fired of late and what fires at times are both no news.
    private double Rate(string node, AlertKind kind)
    {
        var entityKind = _graph.KindOf(node);
        var peers = Math.Max(0, _graph.Kinds.GetValueOrDefault(entityKind) - 1);
        var firingPeers = _ofKind.GetValueOrDefault((entityKind, kind)) - (Fires(node, kind) ? 1 : 0);
        return Math.Clamp(_memories.Max(memory => memory.Rate(node, entityKind, peers, kind, firingPeers)), LeastRate, MostRate);
    }
}
