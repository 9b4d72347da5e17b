using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>Answers each settled incident: who did it, how sure, and why. Changes pass through and carry the latest answer.</summary>
public sealed class RankCauses(IncidentsOptions options, TopologyView topology, CauseModel model) : IStage<IncidentChange, IncidentChange>
{
    private const int MaximumCauses = 10;
    private readonly JudgeServices _services = new(topology);
    private readonly Dictionary<string, IncidentAlerts> _alerts = new(StringComparer.Ordinal);

    /// <summary>Told of the candidates of every settled incident, for training.</summary>
    internal Action<string, IReadOnlyList<Candidate>>? Observer { get; set; }

    /// <inheritdoc/>
    public string Name => "rank_causes";

    /// <inheritdoc/>
    public IEnumerable<IncidentChange> Process(IncidentChange item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var id = item.Incident.Id;
        if (item.Kind == IncidentChangeKind.Merged && _alerts.Remove(id, out var merged))
            Of(item.Incident.MergedInto).Add(merged);
        var known = Of(id);
        if (item.Alert is { IsShadow: false } alert && item.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
            known.Add(alert.Alert);
        if (item is { Kind: IncidentChangeKind.Split, Alert: { IsShadow: false } gone })
            known.Remove(gone.Alert);
        var changes = new List<IncidentChange>();
        if (item.Kind == IncidentChangeKind.Settled)
            Judge(item, known, now, changes);
        else
            changes.Add(item with { Incident = Carry(item.Incident, known) });
        if (item.Kind == IncidentChangeKind.Resolved && _services.Concerns(known.All))
            _services.Remember(known.All);
        if (item.Kind is IncidentChangeKind.Resolved or IncidentChangeKind.Merged)
            _alerts.Remove(id);
        return changes;
    }

    private IncidentAlerts Of(string id)
    {
        if (!_alerts.TryGetValue(id, out var known))
            _alerts[id] = known = new IncidentAlerts();
        return known;
    }

    private static Incident Carry(Incident incident, IncidentAlerts known) =>
        known.Verdict is { } verdict ? incident with { Verdict = verdict, Title = verdict.Summary } : incident;

    private void Judge(IncidentChange settled, IncidentAlerts known, DateTimeOffset now, List<IncidentChange> changes)
    {
        // Symptoms that follow a sure verdict are its consequences: they cannot unsettle it, only another cause can. Alerts of services do not say
        // which of the two they are.
        var isOfServices = _services.Concerns(known.All);
        if (!isOfServices && known is { HasNewCause: false, Verdict.Kind: not VerdictKind.Unknown })
        {
            changes.Add(settled with { Incident = Carry(settled.Incident, known) });
            return;
        }

        known.HasNewCause = false;
        var verdict = isOfServices ? _services.Decide(settled.Incident.Id, known.All, known.Revision, now) : Decide(settled.Incident.Id, known, now);
        var isNews = known.Verdict is not { } before || before.Entity != verdict.Entity || before.FaultClass != verdict.FaultClass
            || before.Kind != verdict.Kind || Math.Abs(before.Confidence - verdict.Confidence) > 0.1;
        if (isNews)
        {
            known.Revision++;
            known.Verdict = verdict with { Revision = known.Revision };
        }
        else
        {
            // What has come in since bears it out.
            known.Verdict = known.Verdict! with { Evidence = verdict.Evidence, Causes = verdict.Causes };
        }

        var incident = Carry(settled.Incident, known);
        changes.Add(settled with { Incident = incident });
        if (isNews)
            changes.Add(new IncidentChange(incident, IncidentChangeKind.VerdictReached, now, known.Revision == 1 ? "first verdict" : $"verdict revised, revision {known.Revision}"));
    }

    private Verdict Decide(string id, IncidentAlerts known, DateTimeOffset now)
    {
        var scene = new Scene(known.All, topology.Current);
        var candidates = Candidates.Of(scene);
        Observer?.Invoke(id, candidates);
        var scores = Scores(candidates);
        var probabilities = model.Probabilities(scores);
        var suspects = ChangeSuspects.Weigh(scene, [.. candidates.Select((candidate, i) => new Suspect(candidate, scores[i], probabilities[i]))], options.ChangeWindow)
            .OrderByDescending(suspect => suspect.Probability).ThenByDescending(suspect => suspect.Score).ThenBy(suspect => suspect.Candidate.IsSlowRank).ThenBy(suspect => suspect.Candidate.Entity).ToArray();
        var ranked = suspects.Take(MaximumCauses).Select(suspect => Cause(suspect, now)).ToImmutableArray();
        var top = ranked.FirstOrDefault();
        var confidence = top?.Probability ?? 0;
        var abstainBelow = options.AbstainBelow ?? model.AbstainBelow;
        var abstains = top is null || confidence < abstainBelow || FaultClass.KindOf(top.FaultClass) == VerdictKind.Unknown;
        var faultClass = top is null || confidence < abstainBelow ? FaultClass.Unknown : top.FaultClass;
        return new Verdict
        {
            IncidentId = id,
            Revision = known.Revision,
            Kind = abstains ? VerdictKind.Unknown : FaultClass.KindOf(faultClass),
            FaultClass = faultClass,
            Entity = abstains ? null : top!.Entity,
            Confidence = confidence,
            DecidedAt = now,
            Summary = Summary(top, abstains, confidence),
            Causes = ranked,
            Evidence = top is null ? [] : [.. top.Evidence, .. CauseEvidence.Against(suspects[0].Candidate, scene, topology.Current, now)],
        };
    }

    // A rank that is slower than its peers and nothing that says why is the work it was given far more often than its GPU: a bad worker explains 1.7 %
    // of the jobs that straggle (facts/failures.md §1). So the GPU is never more suspect than its job.
    private double[] Scores(IReadOnlyList<Candidate> candidates)
    {
        var scores = candidates.Select(candidate => model.Score(candidate.Features)).ToArray();
        var ofJobs = new Dictionary<EntityId, double>();
        for (var i = 0; i < scores.Length; i++)
        {
            if (candidates[i] is { Entity.Kind: EntityKind.Job, FaultClass: FaultClass.Straggler })
                ofJobs[candidates[i].Entity] = scores[i];
        }

        for (var i = 0; i < scores.Length; i++)
        {
            if (!candidates[i].IsSlowRank)
                continue;
            foreach (var job in topology.Current.JobsOn(candidates[i].Entity))
                scores[i] = Math.Min(scores[i], ofJobs.GetValueOrDefault(job, double.PositiveInfinity));
        }

        return scores;
    }

    private RankedCause Cause(Suspect suspect, DateTimeOffset now)
    {
        var candidate = suspect.Candidate;
        IEnumerable<KeyValuePair<string, double>> features = candidate.Change is { } change ? [KeyValuePair.Create("changed_minutes", Math.Round(change.Before.TotalMinutes, 4))]
            : CauseFeatures.Names.Zip(candidate.Features.Values, (name, value) => KeyValuePair.Create(name, Math.Round((double)value, 4)));
        return new RankedCause
        {
            Entity = candidate.Entity,
            FaultClass = candidate.FaultClass,
            Score = suspect.Score,
            Probability = suspect.Probability,
            Features = features.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Evidence = [.. CauseEvidence.For(candidate, topology.Current, now)],
        };
    }

    private string Summary(RankedCause? top, bool abstains, double confidence)
    {
        if (top is null)
            return "no candidate: the alerts name nothing the topology knows";
        var name = topology.Current.NameOf(top.Entity);
        // A slow job, or one that doubts its results, with nothing else to see: a guess with a percentage would look like a finding.
        if (abstains && FaultClass.KindOf(top.FaultClass) == VerdictKind.Unknown)
            return $"unclear: nothing seen says why; look at {name} first";
        var what = top.FaultClass.Replace('_', ' ');
        return abstains
            ? string.Create(CultureInfo.InvariantCulture, $"unclear; most likely {what} at {name} ({confidence:P0})")
            : string.Create(CultureInfo.InvariantCulture, $"{what}: {name}");
    }
}
