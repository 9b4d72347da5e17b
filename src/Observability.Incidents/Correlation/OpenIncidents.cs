using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// The open incidents, found by identity and by what they touch: an alert is compared with its neighbours only, so that a
/// storm costs about as many comparisons as it has alerts.
/// </summary>
internal sealed class OpenIncidents
{
    private readonly SortedDictionary<string, OpenIncident> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<EntityId, HashSet<OpenIncident>> _byPlace = [];

    /// <summary>All, by identity.</summary>
    public IReadOnlyCollection<OpenIncident> All => _byId.Values;

    /// <summary>How many incidents alerts have been compared with so far.</summary>
    public long Compared { get; private set; }

    /// <summary>The incident of that identity, or null.</summary>
    public OpenIncident? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>Takes an incident in, with all its places.</summary>
    public void Add(OpenIncident open)
    {
        _byId[open.Incident.Id] = open;
        foreach (var place in PlacesOf(open))
            Register(open, place);
    }

    /// <summary>Remembers where an incident's new alert is.</summary>
    public void Extend(OpenIncident open, Place place)
    {
        foreach (var key in PlacesOf(place))
            Register(open, key);
    }

    /// <summary>Forgets an incident.</summary>
    public void Remove(OpenIncident open)
    {
        _byId.Remove(open.Incident.Id);
        foreach (var place in PlacesOf(open))
        {
            if (_byPlace.TryGetValue(place, out var here) && here.Remove(open) && here.Count == 0)
                _byPlace.Remove(place);
        }
    }

    /// <summary>Incidents that touch the place in any way; all of them for a burning budget.</summary>
    public IReadOnlyCollection<OpenIncident> Near(Place place)
    {
        if (place.IsBudget)
            return Counted(All);
        var near = new HashSet<OpenIncident>();
        foreach (var key in PlacesOf(place).Concat(place.Calls.Select(path => path.Service)).Concat(place.LeafJobs))
        {
            if (_byPlace.TryGetValue(key, out var here))
                near.UnionWith(here);
        }

        return Counted(near);
    }

    private IReadOnlyCollection<OpenIncident> Counted(IReadOnlyCollection<OpenIncident> found)
    {
        Compared += found.Count;
        return found;
    }

    private void Register(OpenIncident open, EntityId place)
    {
        if (!_byPlace.TryGetValue(place, out var here))
            _byPlace[place] = here = [];
        here.Add(open);
    }

    private static IEnumerable<EntityId> PlacesOf(OpenIncident open) => open.Entities.Concat(open.Nodes).Concat(open.Leaves).Concat(open.Jobs).Concat(open.Storage).Concat(open.Causes);

    private static IEnumerable<EntityId> PlacesOf(Place place)
    {
        if (place.Entity is { } entity)
            yield return entity;
        if (place.Node is { } node)
            yield return node;
        if (place.Leaf is { } leaf)
            yield return leaf;
        foreach (var shared in place.Jobs.Concat(place.Storage))
            yield return shared;
    }
}
