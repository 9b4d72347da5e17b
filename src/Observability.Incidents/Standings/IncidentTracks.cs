using Observability.Model;

namespace Observability.Incidents;

/// <summary>The latest incidents, found by identity and by what they touch, and what they say of the firings in and beside them.</summary>
internal sealed class IncidentTracks(StandingOptions options, TopologyView topology)
{
    private const string Schedule = "schedule";

    private readonly Dictionary<string, IncidentTrack> _byId = new(StringComparer.Ordinal);
    private readonly Queue<IncidentTrack> _order = new();
    private readonly Dictionary<EntityId, List<IncidentTrack>> _byPlace = [];
    private DateTimeOffset _lastPerson = DateTimeOffset.MinValue;
    private long _news;

    /// <summary>True where a person has ever asked the platform for anything.</summary>
    public bool SomebodyIsThere => _lastPerson > DateTimeOffset.MinValue;

    /// <summary>An entity and the node it is on.</summary>
    public static IReadOnlyList<EntityId> PlacesOf(EntityId entity, Topology graph) =>
        graph.NodeOf(entity) is { } node && node != entity ? [entity, node] : [entity];

    /// <summary>The incident after a change.</summary>
    public IncidentTrack On(IncidentChange change)
    {
        var incident = change.Incident;
        var track = Of(incident);
        track.StartedAt = incident.StartedAt < track.StartedAt ? incident.StartedAt : track.StartedAt;
        track.IsMaintenance = incident.Verdict is { FaultClass: FaultClass.Maintenance };
        track.IsMuted = incident.Mute is not null;
        Locate(track, incident);
        if (incident.AcknowledgedBy.Length > 0 || incident.Assignee.Length > 0 || !incident.Notes.IsEmpty)
            Act(track);
        if (change.Kind == IncidentChangeKind.Merged)
            Merge(track, Of(incident with { Id = incident.MergedInto }));
        if (change.Kind is IncidentChangeKind.Resolved or IncidentChangeKind.Merged)
            (track.IsOver, _news) = (true, _news + 1);
        return track;
    }

    /// <summary>A firing belongs to an incident from now on.</summary>
    public static void Join(IncidentTrack incident, Firing firing)
    {
        firing.JudgedWith = -1;
        var isNew = !incident.Rules.TryGetValue(firing.Track, out var isLoud);
        incident.Rules[firing.Track] = isLoud || !firing.IsShadow;
        if (!isNew)
            return;
        firing.Track.Incidents++;
        firing.Track.Actioned += incident.IsActioned ? 1 : 0;
    }

    /// <summary>Somebody, or a runbook, did something about an incident.</summary>
    public static void Act(IncidentTrack track)
    {
        if (track.IsActioned)
            return;
        track.IsActioned = true;
        foreach (var rule in track.Rules.Keys)
            rule.Actioned++;
    }

    /// <summary>A person asked for something.</summary>
    public void OnCommand(Command command)
    {
        _news++;
        // What the platform does on its schedule is no sign that anybody looks.
        if (command.Door != Schedule && command.At > _lastPerson)
            _lastPerson = command.At;
        var id = command switch
        {
            GiveFeedback feedback => feedback.IncidentId,
            RunRunbook { DryRun: false } run => run.IncidentId,
            _ => "",
        };
        if (!_byId.TryGetValue(id, out var track))
            return;
        if (command is GiveFeedback said)
            track.Feedback = said.WasUseful;
        Act(track);
    }

    /// <summary>A run changed: what was done about an incident, and whether it was proved.</summary>
    public void OnExecution(RunbookExecution execution)
    {
        if (execution.Strategy < Strategy.Ask || !_byId.TryGetValue(execution.IncidentId, out var track))
            return;
        var hasBegun = execution.State is ExecutionState.Running or ExecutionState.Verifying && execution.Steps.Any(step => step.State != StepState.Pending);
        if (hasBegun || execution.State is ExecutionState.Succeeded or ExecutionState.Failed or ExecutionState.Rejected or ExecutionState.Aborted)
            Act(track);
        if (execution.State != ExecutionState.Succeeded)
            return;
        track.IsRepaired = true;
        _news++;
    }

    /// <summary>Somebody is told of an incident as something new.</summary>
    public void OnPage(string id)
    {
        if (!_byId.TryGetValue(id, out var track))
            return;
        track.Pages++;
        foreach (var (rule, isLoud) in track.Rules)
            rule.Pages += isLoud ? 1 : 0;
    }

    /// <summary>What became of a firing, as far as is known now.</summary>
    public FiringOutcome Judge(Firing firing, DateTimeOffset now)
    {
        if (firing.Told is { } told)
            return firing.Outcome = told ? FiringOutcome.Right : FiringOutcome.Wrong;
        if (firing.JudgedWith == _news)
            return firing.Outcome;
        firing.JudgedWith = _news;
        return firing.Outcome = firing.Incident is { } incident ? incident.Outcome(_lastPerson) : Beside(firing, now);
    }

    // A remark that joined nothing was right where a confirmed incident was at the same place while it fired, or in the same job when it began.
    private FiringOutcome Beside(Firing firing, DateTimeOffset now)
    {
        var (from, to) = (firing.StartsAt - options.Near, (firing.EndsAt ?? now) + options.Near);
        var found = firing.Places.SelectMany(place => _byPlace.GetValueOrDefault(place) ?? [])
            .Where(incident => incident.StartedAt >= from && incident.StartedAt <= to && firing.Places.Any(incident.Places.Contains))
            .Concat(firing.Jobs.SelectMany(job => _byPlace.GetValueOrDefault(job) ?? [])
                .Where(incident => (incident.StartedAt - firing.StartsAt).Duration() <= options.Near && firing.Jobs.Any(incident.Jobs.Contains)))
            .Where(incident => !incident.IsMerged).Select(incident => incident.Outcome(_lastPerson)).ToHashSet();
        return found.Contains(FiringOutcome.Right) ? FiringOutcome.Right
            : found.Contains(FiringOutcome.Undecided) ? FiringOutcome.Undecided
            : FiringOutcome.Wrong;
    }

    private IncidentTrack Of(Incident incident)
    {
        if (_byId.TryGetValue(incident.Id, out var track))
            return track;
        _byId[incident.Id] = track = new IncidentTrack(incident.Id, incident.StartedAt, incident.OpenedAt);
        _order.Enqueue(track);
        _news++;
        if (_order.Count > options.MaximumIncidents)
            Forget(_order.Dequeue());
        return track;
    }

    private void Forget(IncidentTrack track)
    {
        _byId.Remove(track.Id);
        foreach (var place in track.Places.Concat(track.Jobs))
        {
            if (_byPlace.TryGetValue(place, out var here) && here.Remove(track) && here.Count == 0)
                _byPlace.Remove(place);
        }
    }

    private void Locate(IncidentTrack track, Incident incident)
    {
        if (track.Located != incident.Entities.Length)
        {
            track.Located = incident.Entities.Length;
            foreach (var place in incident.Entities.SelectMany(entity => PlacesOf(entity, topology.Current)).Where(track.Places.Add))
                Register(place, track);
        }

        foreach (var job in incident.Jobs.Where(track.Jobs.Add))
            Register(job, track);
    }

    private void Register(EntityId place, IncidentTrack track)
    {
        if (!_byPlace.TryGetValue(place, out var here))
            _byPlace[place] = here = [];
        here.Add(track);
    }

    // Its alerts have joined the other one by now, so what it counted for its rules was counted twice.
    private static void Merge(IncidentTrack from, IncidentTrack into)
    {
        foreach (var rule in from.Rules.Keys)
        {
            rule.Incidents--;
            rule.Actioned -= from.IsActioned ? 1 : 0;
        }

        if (from.IsActioned)
            Act(into);
        into.Feedback ??= from.Feedback;
        into.IsRepaired |= from.IsRepaired;
        from.Rules.Clear();
        from.IsMerged = true;
    }
}
