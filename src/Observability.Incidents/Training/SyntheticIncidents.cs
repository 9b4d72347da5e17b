using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Incidents with a known cause for training: stories of faults on random fleets, run through the real correlation. An
/// incident is taken each time it settles, so that the ranker also learns from what little is known at first.
/// </summary>
public static partial class SyntheticIncidents
{
    // Stories per fleet: building one costs more than telling a story.
    private const int StoriesPerFleet = 48;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    /// <summary>Incidents of a number of stories; the same part and seed give the same incidents.</summary>
    public static IReadOnlyList<LabelledIncident> Generate(int stories, SyntheticPart part, int seed)
    {
        var incidents = new List<LabelledIncident>();
        foreach (var (story, fleet) in Stories(stories, part, seed))
            incidents.AddRange(Play(story, fleet));
        return incidents;
    }

    private static IEnumerable<(SyntheticStory Story, SyntheticFleet Fleet)> Stories(int count, SyntheticPart part, int seed)
    {
        var random = new Random(seed);
        var shapes = FleetShape.Of(part);
        SyntheticFleet? fleet = null;
        for (var i = 0; i < count; i++)
        {
            if (fleet is null || i % StoriesPerFleet == 0)
                fleet = new SyntheticFleet(shapes[i / StoriesPerFleet % shapes.Count], random);
            yield return (SyntheticStory.Tell(SyntheticStory.Kinds[i % SyntheticStory.Kinds.Count], fleet, random), fleet);
        }
    }

    private static List<LabelledIncident> Play(SyntheticStory story, SyntheticFleet fleet)
    {
        var correlate = new Correlate(new IncidentsOptions(), fleet.View);
        var faultOf = story.Alerts.ToDictionary(one => one.Alert.Fingerprint, one => one.Fault);
        var members = new Dictionary<string, Dictionary<ulong, Alert>>(StringComparer.Ordinal);
        var found = new List<LabelledIncident>();
        var alerts = story.Alerts.ToArray();
        if (alerts.Length == 0)
            return found;
        var end = Earlier(alerts[^1].ArrivesAt + Rest, SyntheticFleet.Start + Patience);
        var next = 0;
        for (var now = alerts[0].ArrivesAt; now <= end; now += Step)
        {
            for (; next < alerts.Length && alerts[next].ArrivesAt <= now; next++)
            {
                var fired = new ScreenedAlert(new AlertTransition(alerts[next].Alert, AlertTransitionKind.Fired, now), []);
                foreach (var change in correlate.Process(fired, now))
                    Follow(change, members);
            }

            foreach (var change in correlate.Advance(now))
            {
                Follow(change, members);
                if (change.Kind == IncidentChangeKind.Settled && Label([.. members[change.Incident.Id].Values], story, (faultOf, fleet)) is { } labelled)
                    found.Add(labelled);
            }
        }

        return found;
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static void Follow(IncidentChange change, Dictionary<string, Dictionary<ulong, Alert>> members)
    {
        if (!members.TryGetValue(change.Incident.Id, out var here))
            members[change.Incident.Id] = here = [];
        if (change.Alert is not { } screened)
            return;
        if (change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
            here[screened.Alert.Fingerprint] = screened.Alert;
        else if (change.Kind == IncidentChangeKind.Split)
            here.Remove(screened.Alert.Fingerprint);
    }

    // An incident is about the fault that most of its alerts come from, as far as its culprit appears in it; where none does, nobody is right.
    private static LabelledIncident? Label(IReadOnlyList<Alert> alerts, SyntheticStory story, (Dictionary<ulong, int> FaultOf, SyntheticFleet Fleet) known)
    {
        var candidates = Candidates.Of(alerts, known.Fleet.View.Current);
        if (candidates.Count == 0)
            return null;
        var faults = alerts.Select(alert => known.FaultOf[alert.Fingerprint]).Where(fault => fault >= 0).GroupBy(fault => fault)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => story.Faults[group.Key]).ToArray();
        var (main, truth) = faults.Select(fault => (Fault: fault, Index: IndexOf(candidates, fault))).FirstOrDefault(one => one.Index is not null);
        return new LabelledIncident([.. candidates.Select(candidate => candidate.Features)], truth) { FaultClass = (main ?? faults.FirstOrDefault())?.FaultClass ?? "" };
    }

    private static int? IndexOf(IReadOnlyList<Candidate> candidates, SyntheticFault fault) => Enumerable.Range(0, candidates.Count)
        .Where(i => candidates[i].Entity == fault.Cause && candidates[i].FaultClass == fault.FaultClass).Select(i => (int?)i).FirstOrDefault();
}
