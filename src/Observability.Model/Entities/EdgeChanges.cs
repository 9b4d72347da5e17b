using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Observability.Model;

/// <summary>
/// Edges by one of their ends while a change of the topology is applied: adding n edges to one switch or job costs n, not n². Edges keep the
/// order in which they came; one that is put again goes to the end.
/// </summary>
internal sealed class EdgeChanges(ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>> before)
{
    private readonly Dictionary<EntityId, Edges> _touched = [];

    /// <summary>Puts an edge in the place of the same one; one that has ended only goes.</summary>
    public void Put(EntityId at, TopologyEdge edge)
    {
        var edges = Touch(at);
        edges.Remove(edge);
        if (edge.ValidTo is null)
            edges.Add(edge);
    }

    /// <summary>Takes an edge away.</summary>
    public void Remove(EntityId at, TopologyEdge edge) => Touch(at).Remove(edge);

    /// <summary>Takes all edges of an end away, and returns them.</summary>
    public ImmutableArray<TopologyEdge> Drop(EntityId at)
    {
        var dropped = Touch(at).ToImmutable();
        _touched[at] = new Edges([]);
        return dropped;
    }

    /// <summary>All edges after the change.</summary>
    public ImmutableDictionary<EntityId, ImmutableArray<TopologyEdge>> ToImmutable()
    {
        var after = before.ToBuilder();
        foreach (var (id, edges) in _touched)
        {
            if (edges.ToImmutable() is { IsEmpty: false } left)
                after[id] = left;
            else
                after.Remove(id);
        }

        return after.ToImmutable();
    }

    private Edges Touch(EntityId at)
    {
        ref var edges = ref CollectionsMarshal.GetValueRefOrAddDefault(_touched, at, out _);
        return edges ??= new Edges(before.TryGetValue(at, out var known) ? known : []);
    }

    // Most ends have a handful of edges, which are looked through; those of a job with thousands of ranks are found by what they connect.
    private sealed class Edges
    {
        private const int Few = 16;
        private readonly List<TopologyEdge?> _all;
        private Dictionary<(EdgeKind Kind, EntityId From, EntityId To), int>? _places;

        public Edges(ImmutableArray<TopologyEdge> known) => _all = [.. known];

        public void Add(TopologyEdge edge)
        {
            _places?.Add(KeyOf(edge), _all.Count);
            _all.Add(edge);
        }

        public void Remove(TopologyEdge edge)
        {
            if (PlaceOf(edge) is not (>= 0 and var place))
                return;
            _all[place] = null;
            _places?.Remove(KeyOf(edge));
        }

        public ImmutableArray<TopologyEdge> ToImmutable() => [.. _all.OfType<TopologyEdge>()];

        private int PlaceOf(TopologyEdge edge)
        {
            var key = KeyOf(edge);
            if (_all.Count <= Few)
                return _all.FindIndex(known => known is not null && KeyOf(known) == key);
            if (_places is null)
            {
                _places = [];
                for (var i = 0; i < _all.Count; i++)
                {
                    if (_all[i] is { } known)
                        _places[KeyOf(known)] = i;
                }
            }

            return _places.GetValueOrDefault(key, -1);
        }

        private static (EdgeKind Kind, EntityId From, EntityId To) KeyOf(TopologyEdge edge) => (edge.Kind, edge.From, edge.To);
    }
}
