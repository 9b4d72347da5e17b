using System.Globalization;
using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>Says what happens as it happens, with the time since it began: fault, alert, incident, verdict, action.</summary>
internal sealed class DemoNarrator(Fleet fleet, Action<string> say)
{
    private readonly Dictionary<string, (int Revision, string State)> _incidents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExecutionState> _executions = new(StringComparer.Ordinal);
    private int _faults;

    /// <summary>Steps so far, for pacing.</summary>
    public long Steps { get; set; }

    /// <summary>The first time each incident reached a verdict, and when it reached the one in force.</summary>
    public Dictionary<string, (DateTimeOffset First, DateTimeOffset Last)> Verdicts { get; } = new(StringComparer.Ordinal);

    public void Tell(DateTimeOffset now, PlatformSnapshot snapshot)
    {
        foreach (var truth in fleet.Truth.Skip(_faults))
            Say(now, "fault", $"{truth.Fault.Kind} injected at {snapshot.Topology.NameOf(truth.Fault.Entity)}");
        _faults = fleet.Truth.Count;
        foreach (var view in snapshot.Incidents.Values)
            TellIncident(now, view, snapshot);
        foreach (var execution in snapshot.Executions.Values.Where(execution => _executions.GetValueOrDefault(execution.Id, (ExecutionState)(-1)) != execution.State))
        {
            _executions[execution.Id] = execution.State;
            Say(now, "action", $"{execution.RunbookId} on {execution.Node?.Name ?? snapshot.Topology.NameOf(execution.Target)}: {execution.State}, {execution.Reason}{Since(now, execution.CreatedAt)}");
        }
    }

    private void TellIncident(DateTimeOffset now, IncidentView view, PlatformSnapshot snapshot)
    {
        var incident = view.Incident;
        var state = incident.State.ToString();
        var isKnown = _incidents.TryGetValue(incident.Id, out var known);
        var revision = incident.Verdict?.Revision ?? 0;
        if (!isKnown)
            Say(now, "incident", $"{incident.Id} opened: {view.Timeline.FirstOrDefault()?.Text}");
        if (revision != known.Revision && incident.Verdict is { } verdict)
        {
            Verdicts[incident.Id] = (Verdicts.TryGetValue(incident.Id, out var before) ? before.First : now, now);
            var culprit = verdict.Entity is { } entity ? $"{verdict.FaultClass} at {snapshot.Topology.NameOf(entity)}" : verdict.Summary;
            Say(now, "verdict", string.Create(CultureInfo.InvariantCulture, $"{incident.Id}: {culprit}, {verdict.Confidence:P0}, {verdict.Evidence.Length} lines of evidence, {incident.AlertCount} alerts{Since(now, incident.StartedAt)}"));
        }

        if (isKnown && known.State != state && incident.State is IncidentState.Resolved or IncidentState.Merged)
            Say(now, "incident", $"{incident.Id} {state.ToUpperInvariant()}{Since(now, incident.StartedAt)}");
        _incidents[incident.Id] = (revision, state);
    }

    private void Say(DateTimeOffset now, string what, string text) =>
        say(string.Create(CultureInfo.InvariantCulture, $"{now:HH:mm:ss}  {what,-8}  {text}"));

    private static string Since(DateTimeOffset now, DateTimeOffset then) =>
        string.Create(CultureInfo.InvariantCulture, $" (+{(now - then).TotalSeconds:0} s)");
}
