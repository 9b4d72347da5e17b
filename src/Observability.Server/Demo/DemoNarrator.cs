using System.Globalization;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>Says what happens as it happens, with the time since the run began: fault, alert, incident, verdict, action.</summary>
internal sealed class DemoNarrator(Fleet fleet, DateTimeOffset start, Action<string> say)
{
    // An alert later than this after a fault is not its first sign.
    private static readonly TimeSpan Reach = TimeSpan.FromSeconds(300);

    private readonly Dictionary<ulong, DateTimeOffset> _alerts = [];
    private readonly Dictionary<string, (int Revision, IncidentState State)> _incidents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExecutionState> _executions = new(StringComparer.Ordinal);
    private readonly List<GroundTruth> _unseen = [];
    private int _faults;

    /// <summary>Steps so far, for pacing.</summary>
    public long Steps { get; set; }

    /// <summary>Takes all of it as said already: by the process before this one.</summary>
    public void Skip(PlatformSnapshot snapshot)
    {
        _faults = fleet.Truth.Count;
        foreach (var view in snapshot.Alerts.Values)
            _alerts[view.Alert.Fingerprint] = view.Alert.StartsAt;
        foreach (var view in snapshot.Incidents.Values)
            _incidents[view.Incident.Id] = (view.Incident.Verdict?.Revision ?? 0, view.Incident.State);
        foreach (var execution in snapshot.Executions.Values)
            _executions[execution.Id] = execution.State;
    }

    public void Tell(DateTimeOffset now, PlatformSnapshot snapshot)
    {
        foreach (var truth in fleet.Truth.Skip(_faults))
        {
            _unseen.Add(truth);
            Say(now, "fault", $"{truth.Fault.Id}: {truth.Fault.Kind} injected at {snapshot.Topology.NameOf(truth.Fault.Entity)}");
        }

        _faults = fleet.Truth.Count;
        TellAlerts(now, snapshot);
        foreach (var view in snapshot.Incidents.Values)
            TellIncident(now, view, snapshot);
        foreach (var execution in snapshot.Executions.Values.Where(execution => _executions.GetValueOrDefault(execution.Id, (ExecutionState)(-1)) != execution.State))
        {
            _executions[execution.Id] = execution.State;
            Say(now, "action", $"{execution.RunbookId} on {execution.Node?.Name ?? snapshot.Topology.NameOf(execution.Target)}: {execution.State}, {execution.Reason}{Since(now, execution.CreatedAt)}");
        }
    }

    // The first alert of each fault has a line; all others of a second share one, however many they are.
    private void TellAlerts(DateTimeOffset now, PlatformSnapshot snapshot)
    {
        var fresh = snapshot.Alerts.Values.Select(view => view.Alert)
            .Where(alert => alert.State == AlertState.Firing && (!_alerts.TryGetValue(alert.Fingerprint, out var known) || known != alert.StartsAt))
            .OrderBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint).ToList();
        foreach (var alert in fresh)
            _alerts[alert.Fingerprint] = alert.StartsAt;
        _unseen.RemoveAll(truth => now - truth.Fault.At > Reach);
        foreach (var truth in _unseen.ToArray())
        {
            // The alert that speaks of the fault itself comes before one that speaks of what suffers from it.
            if ((fresh.Find(alert => alert.Entity is { } entity && truth.Entities.Contains(entity)) ?? fresh.Find(alert => Touches(alert, truth, snapshot.Topology))) is not { } first)
                continue;
            _unseen.Remove(truth);
            fresh.Remove(first);
            Say(now, "alert", $"{Named(first, snapshot)}, the first of {truth.Fault.Id}{Since(now, truth.Fault.At)}");
        }

        if (fresh.Count == 1)
            Say(now, "alert", Named(fresh[0], snapshot));
        else if (fresh.Count > 1)
            Say(now, "alert", $"{fresh.Count} more: {string.Join(", ", fresh.GroupBy(alert => alert.Name).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} {group.Key}"))}");
    }

    private static bool Touches(Alert alert, GroundTruth truth, Topology topology) =>
        truth.Nodes.Contains(alert.Labels["node"])
        || (alert.Entity is { } port && truth.Fault.Entity.Kind == EntityKind.Switch && topology.In(truth.Fault.Entity, EdgeKind.Connects).Contains(port))
        || (alert.Entity is { } entity && (truth.Nodes.Contains(entity.Name.Split('/')[0]) || (entity.Kind == EntityKind.Job && truth.Jobs.Contains(entity.Name))));

    private static string Named(Alert alert, PlatformSnapshot snapshot) =>
        alert.Entity is { } entity ? $"{alert.Name} at {snapshot.Topology.NameOf(entity)}" : alert.Name;

    private void TellIncident(DateTimeOffset now, IncidentView view, PlatformSnapshot snapshot)
    {
        var incident = view.Incident;
        var isKnown = _incidents.TryGetValue(incident.Id, out var known);
        var revision = incident.Verdict?.Revision ?? 0;
        if (!isKnown)
            Say(now, "incident", $"{incident.Id} opened: {view.Timeline.FirstOrDefault()?.Text}");
        if (revision != known.Revision && incident.Verdict is { } verdict)
        {
            var culprit = verdict.Entity is { } entity ? $"{verdict.FaultClass} at {snapshot.Topology.NameOf(entity)}" : verdict.Summary;
            Say(now, "verdict", string.Create(CultureInfo.InvariantCulture, $"{incident.Id}: {culprit}, {verdict.Confidence:P0}, {verdict.Evidence.Length} lines of evidence, {incident.AlertCount} alerts{Since(now, incident.StartedAt)}"));
        }

        if (isKnown && known.State != incident.State && incident.IsOver)
            Say(now, "incident", $"{incident.Id} {(incident.State == IncidentState.Resolved ? "resolved" : "merged into another")}{Since(now, incident.StartedAt)}");
        _incidents[incident.Id] = (revision, incident.State);
    }

    private void Say(DateTimeOffset now, string what, string text) =>
        say(string.Create(CultureInfo.InvariantCulture, $"{now:HH:mm:ss} {(now - start).TotalSeconds,6:0} s  {what,-8}  {text}"));

    private static string Since(DateTimeOffset now, DateTimeOffset then) =>
        string.Create(CultureInfo.InvariantCulture, $" (+{(now - then).TotalSeconds:0} s)");
}
