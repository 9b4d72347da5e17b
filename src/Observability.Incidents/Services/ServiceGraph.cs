namespace Observability.Incidents;

/// <summary>
/// Services, their instances, hosts and stores as a typed graph: who calls whom and what consists of what. Names and kinds are free text;
/// nothing here knows any of them.
/// </summary>
public sealed class ServiceGraph
{
    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, ServiceEdge, bool IsForward), List<string>> _next = [];

    /// <summary>A graph. Ends of links that are not among the nodes become nodes without a kind; a link given twice counts once.</summary>
    /// <param name="nodes">Names with their kinds; the first kind of a name holds.</param>
    /// <param name="links">Edges; one from a node to itself is left out.</param>
    public ServiceGraph(IEnumerable<KeyValuePair<string, string>> nodes, IEnumerable<ServiceLink> links)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(links);
        foreach (var (name, kind) in nodes)
            _kinds.TryAdd(name, kind);
        foreach (var (from, edge, to) in links.Distinct().Where(link => link.From != link.To).OrderBy(link => link.From, StringComparer.Ordinal).ThenBy(link => link.To, StringComparer.Ordinal))
        {
            _kinds.TryAdd(from, "");
            _kinds.TryAdd(to, "");
            Add((from, edge, true), to);
            Add((to, edge, false), from);
        }

        Nodes = [.. _kinds.Keys.Order(StringComparer.Ordinal)];
        Kinds = _kinds.Values.CountBy(kind => kind).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Every node, in ordinal order.</summary>
    public IReadOnlyList<string> Nodes { get; }

    /// <summary>How many nodes there are of each kind.</summary>
    public IReadOnlyDictionary<string, int> Kinds { get; }

    /// <summary>The kind of a node; empty for one that is not known.</summary>
    public string KindOf(string node) => _kinds.GetValueOrDefault(node, "");

    /// <summary>Whom a node calls.</summary>
    public IReadOnlyList<string> Callees(string node) => Next(node, ServiceEdge.Calls, true);

    /// <summary>Who calls a node.</summary>
    public IReadOnlyList<string> Callers(string node) => Next(node, ServiceEdge.Calls, false);

    /// <summary>What a node consists of.</summary>
    public IReadOnlyList<string> Parts(string node) => Next(node, ServiceEdge.Contains, true);

    /// <summary>What a node is a part of.</summary>
    public IReadOnlyList<string> Wholes(string node) => Next(node, ServiceEdge.Contains, false);

    /// <summary>A node and everything it depends on, through calls and parts, nearest first.</summary>
    public IReadOnlyList<string> Below(string node)
    {
        var found = new List<string> { node };
        var seen = new HashSet<string>(found, StringComparer.Ordinal);
        for (var at = 0; at < found.Count; at++)
            found.AddRange(DependsOn(found[at]).Where(seen.Add));
        return found;
    }

    /// <summary>Whom a node calls and what it consists of: where trouble of its own may come from.</summary>
    public IEnumerable<string> DependsOn(string node) => Callees(node).Concat(Parts(node));

    private void Add((string, ServiceEdge, bool) key, string node)
    {
        if (!_next.TryGetValue(key, out var nodes))
            _next[key] = nodes = [];
        nodes.Add(node);
    }

    private List<string> Next(string node, ServiceEdge edge, bool isForward) => _next.TryGetValue((node, edge, isForward), out var nodes) ? nodes : [];
}
