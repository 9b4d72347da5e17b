using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Chooses a runbook when a verdict is reached, and withdraws it when the verdict changes or the fault heals before
/// anything was done. One run per incident, culprit and runbook; a verdict that grows surer raises the strategy of the
/// same run instead of starting a second one, and so does the end of a mute.
/// </summary>
public sealed class ChooseRunbook(ResponseOptions options, TopologyView topology, IReadOnlyList<Runbook> runbooks) : IStage<IncidentChange, ResponseItem>
{
    // Incidents that are over are remembered so that one that opens again does not reuse an execution's identity.
    private const int RememberedIncidents = 10_000;

    private readonly Dictionary<string, Case> _cases = new(StringComparer.Ordinal);
    private readonly Queue<string> _closed = new();

    /// <inheritdoc/>
    public string Name => "choose_runbook";

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Process(IncidentChange item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var incident = item.Incident;
        var items = new List<ResponseItem> { new(item, null) };
        var known = CaseOf(incident);
        if (incident.IsOver)
        {
            items.AddRange(Withdraw(known, "the incident is over", now));
            Close(known);
        }
        else if (item.Kind is IncidentChangeKind.VerdictReached or IncidentChangeKind.Unmuted && incident.Verdict is { } verdict)
        {
            items.AddRange(OnVerdict(known, verdict, now));
        }

        return items;
    }

    /// <inheritdoc/>
    public IEnumerable<ResponseItem> Accept(Command command, DateTimeOffset now)
    {
        if (command is not RunRunbook run || !_cases.TryGetValue(run.IncidentId, out var known) || known.IsClosed)
            return [];
        var runbook = runbooks.FirstOrDefault(one => one.Id == run.RunbookId);
        var target = known.Incident.Verdict?.Entity ?? known.Incident.Entities.Select(entity => (EntityId?)entity).FirstOrDefault();
        if (runbook is null || target is not { } culprit)
            return [];
        var reason = $"{run.Actor} asked for it{(run.DryRun ? " as a dry run" : "")}{(run.Reason.Length > 0 ? ": " + run.Reason : "")}";
        if (run.DryRun)
            return [Propose(known, runbook, (culprit, Strategy.Observe), reason, now)];
        // Whoever runs it by hand says yes to it.
        var proposed = Propose(known, runbook, (culprit, Strategy.Act), reason, now);
        known.Current = proposed.Execution! with { DecidedBy = run.Actor };
        return [proposed with { Execution = known.Current }];
    }

    private List<ResponseItem> OnVerdict(Case known, Verdict verdict, DateTimeOffset now)
    {
        var runbook = BestFor(verdict);
        var strategy = runbook is null ? Strategy.Observe : StrategyFor(known.Incident, verdict, runbook);
        if (known.Current is { } current && runbook is not null && current.RunbookId == runbook.Id && current.Target == verdict.Entity)
            return strategy > current.Strategy ? [Raise(known, current, strategy, now)] : [];
        var items = Withdraw(known, "the verdict changed", now).ToList();
        if (runbook is null || verdict.Entity is not { } culprit)
            return items;
        if (known.Proposals.GetValueOrDefault((runbook.Id, culprit)) >= options.MaximumProposals)
        {
            ResponseMetrics.Refused.Add(1, new KeyValuePair<string, object?>("reason", "verdict_wavers"));
            return items;
        }

        var confidence = verdict.Confidence.ToString("P0", CultureInfo.InvariantCulture);
        items.Add(Propose(known, runbook, (culprit, strategy), $"{verdict.Summary} ({confidence})", now));
        return items;
    }

    private Runbook? BestFor(Verdict verdict) => runbooks
        .Where(one => one.Trigger.FaultClasses.Contains(verdict.FaultClass) && verdict.Confidence >= one.Trigger.MinimumConfidence)
        // Runbooks are written for devices and jobs: of a service only those that name it.
        .Where(one => one.Trigger.EntityKinds.IsEmpty ? verdict.Entity is not { Kind: EntityKind.Service } : (verdict.Entity is { } entity && one.Trigger.EntityKinds.Contains(entity.Kind)))
        .OrderByDescending(one => one.Trigger.MinimumConfidence)
        .ThenBy(one => one.Trigger.EntityKinds.IsEmpty)
        .ThenBy(one => one.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    private Strategy StrategyFor(Incident incident, Verdict verdict, Runbook runbook)
    {
        var wanted = incident.Severity == "info" ? Strategy.Observe
            : verdict.Kind == VerdictKind.Hardware && verdict.Confidence >= options.MinimumConfidence ? options.Hardware
            : options.Otherwise;
        // Of a muted incident a person may run it; by itself nothing begins, and nobody is asked.
        if (incident.Mute is not null && wanted > Strategy.Suggest)
            wanted = Strategy.Suggest;
        return wanted < runbook.MaximumStrategy ? wanted : runbook.MaximumStrategy;
    }

    private ResponseItem Propose(Case known, Runbook runbook, (EntityId Target, Strategy Strategy) what, string reason, DateTimeOffset now)
    {
        var number = known.Numbers.GetValueOrDefault(runbook.Id) + 1;
        known.Numbers[runbook.Id] = number;
        known.Proposals[(runbook.Id, what.Target)] = known.Proposals.GetValueOrDefault((runbook.Id, what.Target)) + 1;
        var execution = new RunbookExecution
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{known.Incident.Id}/{runbook.Id}/{number}"),
            IncidentId = known.Incident.Id,
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
        // A dry run stands beside the run that is proposed, not in its place.
        if (what.Strategy > Strategy.Observe || known.Current is null)
            known.Current = execution;
        return new ResponseItem(null, execution);
    }

    private static ResponseItem Raise(Case known, RunbookExecution current, Strategy strategy, DateTimeOffset now)
    {
        known.Current = current with { Strategy = strategy, UpdatedAt = now };
        return new ResponseItem(null, known.Current);
    }

    private static IEnumerable<ResponseItem> Withdraw(Case known, string why, DateTimeOffset now)
    {
        if (known.Current is not { } current)
            yield break;
        known.Current = null;
        yield return new ResponseItem(null, current with { State = ExecutionState.Cancelled, Reason = why, UpdatedAt = now });
    }

    private Case CaseOf(Incident incident)
    {
        if (!_cases.TryGetValue(incident.Id, out var known))
            _cases[incident.Id] = known = new Case { Incident = incident };
        known.Incident = incident;
        if (!incident.IsOver)
            known.IsClosed = false;
        return known;
    }

    private void Close(Case known)
    {
        if (known.IsClosed)
            return;
        known.IsClosed = true;
        _closed.Enqueue(known.Incident.Id);
        while (_closed.Count > RememberedIncidents)
        {
            var oldest = _closed.Dequeue();
            if (_cases.TryGetValue(oldest, out var one) && one.IsClosed)
                _cases.Remove(oldest);
        }
    }

    private sealed class Case
    {
        public required Incident Incident { get; set; }

        public bool IsClosed { get; set; }

        public RunbookExecution? Current { get; set; }

        public Dictionary<string, int> Numbers { get; } = new(StringComparer.Ordinal);

        public Dictionary<(string Runbook, EntityId Target), int> Proposals { get; } = [];
    }
}
