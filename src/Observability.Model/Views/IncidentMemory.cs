using System.Collections.Immutable;

namespace Observability.Model;

/// <summary>
/// What the incidents that a snapshot still holds teach about one of them. Features are the names of its alerts, the class and kind of its
/// verdict, and the kinds of entities it touches; a feature weighs the more the fewer incidents have it (inverse document frequency), and
/// likeness is the cosine of two incidents (Salton 1975, vector space model).
/// </summary>
public static class IncidentMemory
{
    /// <summary>Below it two incidents share little but what all share.</summary>
    public const double LeastSimilarity = 0.3;

    /// <summary>Earlier incidents that look like this one, the likest first; of equals the later first.</summary>
    /// <param name="snapshot">Where they are looked for.</param>
    /// <param name="id">The incident; an unknown one has none.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<SimilarIncident> Similar(PlatformSnapshot snapshot, string id, int most)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (!snapshot.Incidents.TryGetValue(id, out var asked))
            return [];
        var features = snapshot.Incidents.Values.ToDictionary(view => view.Incident.Id, view => Features(view, snapshot), StringComparer.Ordinal);
        var counts = features.Values.SelectMany(set => set).GroupBy(feature => feature, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        double Weight(string feature) => Math.Log(1 + ((double)features.Count / counts[feature]));
        double Square(HashSet<string> set) => set.Sum(feature => Math.Pow(Weight(feature), 2));
        var own = features[id];
        return
        [
            .. snapshot.Incidents.Values
                .Where(view => view.Incident.Id != id && view.Incident.StartedAt <= asked.Incident.StartedAt && view.Incident.MergedInto.Length == 0)
                .Select(view =>
                {
                    var other = features[view.Incident.Id];
                    var shared = own.Where(other.Contains).Sum(feature => Math.Pow(Weight(feature), 2));
                    return (View: view, Cosine: shared / Math.Max(double.Epsilon, Math.Sqrt(Square(own) * Square(other))));
                })
                .Where(one => one.Cosine >= LeastSimilarity)
                .OrderByDescending(one => one.Cosine).ThenByDescending(one => one.View.Incident.StartedAt).ThenBy(one => one.View.Incident.Id, StringComparer.Ordinal)
                .Take(most)
                .Select(one => new SimilarIncident(
                    one.View.Incident, one.Cosine,
                    one.View.Incident.Verdict?.Entity is { } culprit && culprit == asked.Incident.Verdict?.Entity,
                    [.. one.View.Executions.Select(snapshot.Executions.GetValueOrDefault).OfType<RunbookExecution>().Where(run => run.State == ExecutionState.Succeeded)])),
        ];
    }

    private static HashSet<string> Features(IncidentView view, PlatformSnapshot snapshot)
    {
        var features = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in view.Alerts)
        {
            if (snapshot.Alerts.TryGetValue(key, out var alert))
                features.Add("alert " + alert.Alert.Name);
        }

        foreach (var entity in view.Incident.Entities)
            features.Add("touches " + entity.Kind);
        if (view.Incident.Verdict is { } verdict)
        {
            features.Add("class " + verdict.FaultClass);
            features.Add("kind " + verdict.Kind);
        }

        return features;
    }
}
