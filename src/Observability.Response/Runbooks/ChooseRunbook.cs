using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Chooses a runbook when a verdict is reached, and withdraws it when the verdict changes or the fault heals before
/// anything was done. One run per incident, culprit and runbook.
/// </summary>
public sealed class ChooseRunbook(ResponseOptions options, TopologyView topology, IReadOnlyList<Runbook> runbooks) : IStage<IncidentChange, ResponseItem>
{
    private readonly SortedDictionary<string, RunbookExecution> _proposed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Incident> _incidents = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "choose_runbook";

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Process(IncidentChange item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var incident = item.Incident;
        var items = new List<ResponseItem> { new(item, null) };
        _incidents[incident.Id] = incident;
        if (item.Kind is IncidentChangeKind.Resolved or IncidentChangeKind.Merged)
        {
            items.AddRange(Withdraw(incident.Id, "the incident is over", now));
            _incidents.Remove(incident.Id);
        }
        else if (item.Kind == IncidentChangeKind.VerdictReached && incident.Verdict is { } verdict)
        {
            items.AddRange(OnVerdict(incident, verdict, now));
        }

        return items;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Accept(Command command, DateTimeOffset now)
    {
        if (command is not RunRunbook run || !_incidents.TryGetValue(run.IncidentId, out var incident))
            return [];
        var runbook = runbooks.FirstOrDefault(known => known.Id == run.RunbookId);
        var target = incident.Verdict?.Entity ?? incident.Entities.Select(entity => (EntityId?)entity).FirstOrDefault();
        if (runbook is null || target is null)
            return [];
        var strategy = run.DryRun ? Strategy.Observe : Strategy.Act;
        return [Propose(incident, runbook, (target.Value, strategy), $"{run.Actor} asked for it{(run.DryRun ? " as a dry run" : "")}", now)];
    }

    private List<ResponseItem> OnVerdict(Incident incident, Verdict verdict, DateTimeOffset now)
    {
        var runbook = runbooks
            .Where(known => known.Trigger.FaultClasses.Contains(verdict.FaultClass) && verdict.Confidence >= known.Trigger.MinimumConfidence)
            .Where(known => known.Trigger.EntityKinds.IsEmpty || (verdict.Entity is { } entity && known.Trigger.EntityKinds.Contains(entity.Kind)))
            .OrderByDescending(known => known.Trigger.MinimumConfidence).ThenBy(known => known.Id, StringComparer.Ordinal).FirstOrDefault();
        var target = verdict.Entity;
        var current = _proposed.Values.FirstOrDefault(known => known.IncidentId == incident.Id);
        if (current is not null && current.RunbookId == runbook?.Id && current.Target == target)
            return [];
        var items = Withdraw(incident.Id, "the verdict changed", now).ToList();
        if (runbook is not null && target is { } culprit)
            items.Add(Propose(incident, runbook, (culprit, StrategyFor(verdict, runbook)), $"{verdict.Summary} ({verdict.Confidence.ToString("P0", CultureInfo.InvariantCulture)})", now));
        return items;
    }

    private Strategy StrategyFor(Verdict verdict, Runbook runbook)
    {
        var wanted = verdict.Kind == VerdictKind.Hardware && verdict.Confidence >= options.MinimumConfidence ? options.Hardware : options.Otherwise;
        return wanted < runbook.MaximumStrategy ? wanted : runbook.MaximumStrategy;
    }

    private ResponseItem Propose(Incident incident, Runbook runbook, (EntityId Target, Strategy Strategy) what, string reason, DateTimeOffset now)
    {
        var number = 1;
        while (_proposed.ContainsKey(Id(incident, runbook, number)))
            number++;
        var execution = new RunbookExecution
        {
            Id = Id(incident, runbook, number),
            IncidentId = incident.Id,
            RunbookId = runbook.Id,
            Target = what.Target,
            Node = topology.Current.NodeOf(what.Target),
            Strategy = what.Strategy,
            State = ExecutionState.Running,
            Reason = reason,
            CreatedAt = now,
            UpdatedAt = now,
            Steps = [.. runbook.Steps.Concat(runbook.Return).Select(step => new StepRecord(step, StepState.Pending, 0, null, null, ""))],
        };
        _proposed[execution.Id] = execution;
        return new ResponseItem(null, execution);
    }

    private IEnumerable<ResponseItem> Withdraw(string incidentId, string why, DateTimeOffset now)
    {
        foreach (var execution in _proposed.Values.Where(known => known.IncidentId == incidentId && known.State != ExecutionState.Cancelled).ToArray())
        {
            var withdrawn = execution with { State = ExecutionState.Cancelled, Reason = why, UpdatedAt = now };
            _proposed[execution.Id] = withdrawn;
            yield return new ResponseItem(null, withdrawn);
        }
    }

    private static string Id(Incident incident, Runbook runbook, int number) => string.Create(CultureInfo.InvariantCulture, $"{incident.Id}/{runbook.Id}/{number}");
}
