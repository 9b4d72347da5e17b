using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Hears when links fail on many nodes of one leaf switch. What many nodes say of one leaf is the leaf's, and no part of whatever else one of
/// these nodes suffers from at the moment; see <see cref="Chorus"/> for the same with jobs.
/// </summary>
/// <param name="memory">How far apart the nodes may speak.</param>
internal sealed class LeafPorts(TimeSpan memory)
{
    // Switches of a very large fleet; past this many the ones that have been quiet longest are forgotten.
    private const int MaximumLeaves = 20_000;

    private readonly Dictionary<EntityId, Dictionary<EntityId, DateTimeOffset>> _nodes = [];

    /// <summary>Takes an alert in; the leaf whose trouble it is known to be from this alert on, null where there is none.</summary>
    public EntityId? Hear(JoinedAlert joined)
    {
        if (!joined.IsLinkTrouble || joined.Place is not { Leaf: { } leaf, Node: { } node })
            return null;
        if (!_nodes.TryGetValue(leaf, out var nodes))
        {
            if (_nodes.Count >= MaximumLeaves)
                _nodes.Remove(_nodes.MinBy(pair => (pair.Value.Values.Max(), pair.Key)).Key);
            _nodes[leaf] = nodes = [];
        }

        var at = joined.Alert.StartsAt;
        var wasShared = IsShared(leaf, at);
        nodes[node] = nodes.TryGetValue(node, out var before) && before > at ? before : at;
        foreach (var (quiet, last) in nodes)
        {
            if (at - last > memory)
                nodes.Remove(quiet);
        }

        return !wasShared && IsShared(leaf, at) ? leaf : null;
    }

    /// <summary>True where so many nodes on it had trouble with their links within the memory before <paramref name="now"/> that it is the leaf.</summary>
    public bool IsShared(EntityId leaf, DateTimeOffset now) =>
        _nodes.TryGetValue(leaf, out var nodes) && nodes.Count >= OpenIncident.PortsForLeaf
        && nodes.Values.Count(at => now - at <= memory) >= OpenIncident.PortsForLeaf;
}
