namespace Observability.Incidents.Tests.Services;

/// <summary>
/// Services that call each other, with the latency and the requests that they would show: a caller's latency holds that of its callees, weighed
/// by how many of its requests reach them.
/// </summary>
internal sealed class ServiceWorld(Random random)
{
    public const int NormalRows = 200;
    public const int WindowRows = 5;

    private readonly List<ServiceLink> _links = [];
    private readonly Dictionary<string, double> _base = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _requests = new(StringComparer.Ordinal);
    private readonly Dictionary<(string From, string To), double> _share = [];

    public ServiceGraph Graph => new([], _links);

    public IReadOnlyCollection<string> Nodes => _base.Keys;

    /// <summary>A tree of calls with some shared callees, numbered from the front.</summary>
    public static ServiceWorld Of(Random random, int nodes)
    {
        var world = new ServiceWorld(random);
        world.Node("n0", 0.01, 1000);
        for (var at = 1; at < nodes; at++)
        {
            world.Node($"n{at}", 0.005 + (0.05 * random.NextDouble()), 0);
            world.Call($"n{random.Next(at)}", $"n{at}", 0.3 + (0.7 * random.NextDouble()));
            if (at > 3 && random.NextDouble() < 0.2)
                world.Call($"n{random.Next(at)}", $"n{at}", 0.3);
        }

        return world;
    }

    public ServiceWorld Node(string name, double latency, double requests)
    {
        (_base[name], _requests[name]) = (latency, requests);
        return this;
    }

    /// <summary>Callers must be there before their callees.</summary>
    public ServiceWorld Call(string from, string to, double share)
    {
        if (_share.TryAdd((from, to), share))
        {
            _links.Add(new ServiceLink(from, ServiceEdge.Calls, to));
            _requests[to] += share * _requests[from];
        }

        return this;
    }

    public MetricTable Normal() => Table(NormalRows, (_, _) => 0);

    /// <summary>Five rows of which the third and fourth are slow at one node.</summary>
    public MetricTable Window(string culprit, double slower) => Table(WindowRows, (node, row) => node == culprit && (row is 2 or 3) ? slower : 0);

    private MetricTable Table(int rows, Func<string, int, double> extra)
    {
        var latency = _base.Keys.ToDictionary(node => node, _ => new double[rows], StringComparer.Ordinal);
        for (var row = 0; row < rows; row++)
        {
            foreach (var node in _base.Keys.Reverse())
                latency[node][row] = (_base[node] * (0.9 + (0.2 * random.NextDouble()))) + extra(node, row) + _share.Where(link => link.Key.From == node).Sum(link => link.Value * latency[link.Key.To][row]);
        }

        return new MetricTable(rows, latency.SelectMany(node => new[]
        {
            KeyValuePair.Create(new MetricColumn(node.Key, "latency", "Average"), (IReadOnlyList<double>)node.Value),
            KeyValuePair.Create(new MetricColumn(node.Key, "requests", "Sum"), (IReadOnlyList<double>)[.. Enumerable.Repeat(_requests[node.Key], rows)]),
        }));
    }
}
