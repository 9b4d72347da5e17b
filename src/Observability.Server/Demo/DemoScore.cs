using Observability.Model;
using Observability.Simulator;

namespace Observability.Server;

/// <summary>Compares what the platform said with what is true. This is the only place where the two meet.</summary>
internal static class DemoScore
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(300);

    public static DemoReport Of(DemoRun run, DemoOptions options, (DateTimeOffset Start, ProcessCost Cost) context)
    {
        var snapshot = run.Platform.Snapshots.Current;
        var matched = new HashSet<string>(StringComparer.Ordinal);
        var lines = run.Fleet.Truth.Select(truth => Line(truth, snapshot, run.Cluster, matched)).ToArray();
        var unexplained = snapshot.Incidents.Values
            .Where(view => !matched.Contains(view.Incident.Id) && view.Incident is { State: not IncidentState.Merged, Verdict: not null })
            .Select(view => $"{view.Incident.Id}: {view.Incident.Verdict!.Kind} {view.Incident.Verdict.Summary}").ToArray();
        return new DemoReport
        {
            Seed = options.Seed,
            Nodes = options.Nodes,
            VirtualSeconds = (run.Now - context.Start).TotalSeconds,
            Faults = lines,
            Unexplained = unexplained,
            Totals = Totals(lines, run, snapshot),
            Process = context.Cost,
        };
    }

    private static FaultLine Line(GroundTruth truth, PlatformSnapshot snapshot, KubernetesCluster cluster, HashSet<string> matched)
    {
        var fault = truth.Fault;
        var view = snapshot.Incidents.Values
            .Where(candidate => candidate.Incident.State != IncidentState.Merged)
            .Where(candidate => candidate.Incident.OpenedAt >= fault.At - TimeSpan.FromSeconds(5) && candidate.Incident.OpenedAt <= fault.At + Window)
            .Select(candidate => (View: candidate, Score: Likeness(candidate.Incident, truth)))
            .Where(candidate => candidate.Score > 0)
            .OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.View.Incident.Id, StringComparer.Ordinal)
            .Select(candidate => candidate.View).FirstOrDefault();
        if (view is null)
            return new FaultLine { Id = fault.Id, Kind = fault.Kind, Entity = fault.Entity, InjectedAt = fault.At, Found = false, RootFirst = false, Why = "no incident speaks of it" };
        matched.Add(view.Incident.Id);
        var verdict = view.Incident.Verdict;
        var rightClass = verdict is not null && truth.Kind.Classes.Contains(verdict.FaultClass);
        var rightEntity = verdict?.Entity is { } entity && truth.Entities.Contains(entity);
        return new FaultLine
        {
            Id = fault.Id,
            Kind = fault.Kind,
            Entity = fault.Entity,
            InjectedAt = fault.At,
            FirstAlertAt = view.Incident.OpenedAt,
            SecondsToAlert = (view.Incident.OpenedAt - fault.At).TotalSeconds,
            Incident = view.Incident.Id,
            Verdict = verdict is null ? null : new VerdictLine(
                verdict.DecidedAt, (FirstVerdict(view) - view.Incident.OpenedAt).TotalSeconds, verdict.Entity, verdict.Kind, verdict.FaultClass, Math.Round(verdict.Confidence, 4), verdict.Evidence.Length),
            Action = Action(view, snapshot, truth, cluster),
            Alerts = view.Incident.AlertCount,
            Found = rightClass && rightEntity,
            InThree = verdict?.Causes.Take(3).Any(cause => truth.Entities.Contains(cause.Entity)) ?? false,
            RootFirst = verdict is { Causes.Length: > 0 } && truth.Entities.Contains(verdict.Causes[0].Entity),
            Why = verdict is null ? "no verdict was reached" : !rightClass ? $"the verdict says {verdict.FaultClass}" : !rightEntity ? $"the verdict names {verdict.Entity}" : "",
        };
    }

    // From the journal's timeline, not from what this process saw: the run may have been cut off in between.
    private static DateTimeOffset FirstVerdict(IncidentView view) =>
        view.Timeline.FirstOrDefault(line => line.Kind == TimelineKind.Verdict)?.At ?? view.Incident.Verdict!.DecidedAt;

    private static int Likeness(Incident incident, GroundTruth truth)
    {
        var verdict = incident.Verdict;
        var names = verdict?.Entity is { } entity && truth.Entities.Contains(entity);
        var touches = incident.Entities.Any(truth.Entities.Contains) || incident.Jobs.Any(job => truth.Jobs.Contains(job.Name));
        return (names ? 4 : 0) + (verdict is not null && truth.Kind.Classes.Contains(verdict.FaultClass) ? 2 : 0) + (touches ? 1 : 0) is var score && (names || touches) ? score : 0;
    }

    private static ActionLine? Action(IncidentView view, PlatformSnapshot snapshot, GroundTruth truth, KubernetesCluster cluster)
    {
        var execution = view.Executions.Select(id => snapshot.Executions.GetValueOrDefault(id)).OfType<RunbookExecution>()
            .OrderByDescending(one => one.State != ExecutionState.Cancelled).ThenBy(one => one.CreatedAt).FirstOrDefault();
        if (execution is null)
            return null;
        var cordon = cluster.Cordons.FirstOrDefault(change => change.Cordoned && change.Node == execution.Node?.Name && change.At >= truth.Fault.At);
        return new ActionLine(execution.RunbookId, execution.State, execution.CreatedAt, (execution.CreatedAt - view.Incident.OpenedAt).TotalSeconds, cordon?.At);
    }

    private static DemoTotals Totals(FaultLine[] lines, DemoRun run, PlatformSnapshot snapshot)
    {
        var truths = run.Fleet.Truth;
        var hardware = snapshot.Incidents.Values.Select(view => view.Incident).Where(incident => incident is { State: not IncidentState.Merged, Verdict.Kind: VerdictKind.Hardware }).ToArray();
        var right = hardware.Count(incident => truths.Any(truth => truth.Entities.Contains(incident.Verdict!.Entity!.Value) && incident.OpenedAt >= truth.Fault.At - TimeSpan.FromSeconds(5)));
        var falseCordons = run.Cluster.Cordons.Where(change => change.Cordoned)
            .Count(change => !truths.Any(truth => truth.Nodes.Contains(change.Node) && change.At >= truth.Fault.At));
        return new DemoTotals
        {
            Faults = lines.Length,
            Found = lines.Count(line => line.Found),
            RootFirst = lines.Count(line => line.RootFirst),
            AlertsIn = snapshot.Noise.AlertsIn,
            IncidentsOut = snapshot.Noise.IncidentsOut,
            Compression = Math.Round(snapshot.Noise.Compression, 4),
            LostCauses = lines.Count(line => line is { Incident: not null, InThree: false }),
            Precision = hardware.Length == 0 ? 1 : Math.Round(right / (double)hardware.Length, 4),
            Recall = lines.Length == 0 ? 1 : Math.Round(lines.Count(line => line.Found) / (double)lines.Length, 4),
            FalseCordons = falseCordons,
            MissedFaults = lines.Count(line => !line.Found),
            SymptomToVerdictSeconds = Quantiles.Of(lines.Select(line => line.Verdict?.SecondsFromSymptom).OfType<double>()),
            SymptomToDecisionSeconds = Quantiles.Of(lines.Select(line => line.Action?.SecondsToDecision).OfType<double>()),
        };
    }
}
