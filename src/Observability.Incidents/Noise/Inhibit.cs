using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Marks symptoms below an active cause: on the same node, or of a job that the cause stops or slows. Announced
/// maintenance inhibits everything on its node.
/// </summary>
public sealed class Inhibit(TopologyView topology) : IStage<ScreenedAlert, ScreenedAlert>
{
    private readonly Dictionary<ulong, Cause> _causes = [];
    private readonly Dictionary<EntityId, SortedSet<ulong>> _byPlace = [];

    /// <inheritdoc/>
    public string Name => "inhibit";

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var alert = item.Alert;
        // A change is nobody's symptom.
        if (alert.Entity is not { } entity || alert.IsChange)
            return [item];
        if (item.Transition.Kind == AlertTransitionKind.Resolved)
        {
            Forget(alert.Fingerprint);
            return [item];
        }

        var places = PlacesOf(entity);
        var by = places.SelectMany(place => _byPlace.GetValueOrDefault(place) ?? []).Where(key => key != alert.Fingerprint)
            .Select(key => _causes[key]).FirstOrDefault(cause => Covers(cause, alert));
        // What is not trusted yet must not keep quiet what is.
        if (alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause && !item.IsShadow)
            Remember(alert, entity, places);
        return by is null
            ? [item]
            : [Reductions.Mark(item, NoiseReason.Inhibited, $"{by.Alert.Fingerprint:x16}", $"below {by.Alert.Name} on {topology.Current.NameOf(by.Alert.Entity!.Value)}")];
    }

    private static bool Covers(Cause cause, Alert alert) =>
        cause.Alert.FaultClass == FaultClass.Maintenance || alert.Labels[AlertLabel.Role] == AlertLabel.RoleSymptom;

    private List<EntityId> PlacesOf(EntityId entity)
    {
        var graph = topology.Current;
        var places = new List<EntityId> { entity };
        if (graph.NodeOf(entity) is { } node && node != entity)
            places.Add(node);
        places.AddRange(graph.JobsOn(entity).Where(job => job != entity));
        return places;
    }

    private void Remember(Alert alert, EntityId entity, List<EntityId> places)
    {
        // A monitor that fell silent explains nothing that happens to the job it does not even run in.
        var held = alert.FaultClass == FaultClass.MonitorSilent ? [entity] : places.ToArray();
        _causes[alert.Fingerprint] = new Cause(alert, held);
        foreach (var place in held)
        {
            if (!_byPlace.TryGetValue(place, out var keys))
                _byPlace[place] = keys = [];
            keys.Add(alert.Fingerprint);
        }
    }

    private void Forget(ulong key)
    {
        if (!_causes.Remove(key, out var cause))
            return;
        foreach (var place in cause.Places)
        {
            if (_byPlace.TryGetValue(place, out var keys) && keys.Remove(key) && keys.Count == 0)
                _byPlace.Remove(place);
        }
    }

    private sealed record Cause(Alert Alert, EntityId[] Places);
}
