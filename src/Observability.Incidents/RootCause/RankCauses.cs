using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>Answers each settled incident: who did it, how sure, and why. Changes pass through and carry the latest answer.</summary>
public sealed class RankCauses(IncidentsOptions options, TopologyView topology, CauseModel model) : IStage<IncidentChange, IncidentChange>
{
    private const int MaximumEvidence = 8;
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
        if (item.Alert is { } alert && item.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
            known.Add(alert.Alert);
        var changes = new List<IncidentChange>();
        if (item.Kind == IncidentChangeKind.Settled)
            Judge(item, known, now, changes);
        else
            changes.Add(item with { Incident = Carry(item.Incident, known) });
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
        // Symptoms that follow a sure verdict are its consequences: they cannot unsettle it, only another cause can.
        if (known is { HasNewCause: false, Verdict.Kind: not VerdictKind.Unknown })
        {
            changes.Add(settled with { Incident = Carry(settled.Incident, known) });
            return;
        }

        known.HasNewCause = false;
        var verdict = Decide(settled.Incident.Id, known, now);
        var isNews = known.Verdict is not { } before || before.Entity != verdict.Entity || before.FaultClass != verdict.FaultClass
            || before.Kind != verdict.Kind || Math.Abs(before.Confidence - verdict.Confidence) > 0.1;
        if (isNews)
        {
            known.Revision++;
            known.Verdict = verdict with { Revision = known.Revision };
        }

        var incident = Carry(settled.Incident, known);
        changes.Add(settled with { Incident = incident });
        if (isNews)
            changes.Add(new IncidentChange(incident, IncidentChangeKind.VerdictReached, now, known.Revision == 1 ? "first verdict" : $"verdict revised, revision {known.Revision}"));
    }

    private Verdict Decide(string id, IncidentAlerts known, DateTimeOffset now)
    {
        var candidates = Candidates.Of(known.All, topology.Current);
        Observer?.Invoke(id, candidates);
        var scores = candidates.Select(candidate => model.Score(candidate.Features)).ToArray();
        var probabilities = model.Probabilities(scores);
        var ranked = candidates.Select((candidate, i) => Cause(candidate, scores[i], probabilities[i]))
            .OrderByDescending(cause => cause.Score).ThenBy(cause => cause.Entity).ToImmutableArray();
        var top = ranked.FirstOrDefault();
        var confidence = top?.Probability ?? 0;
        var abstains = top is null || confidence < options.AbstainBelow || FaultClass.KindOf(top.FaultClass) == VerdictKind.Unknown;
        var faultClass = top is null || confidence < options.AbstainBelow ? FaultClass.Unknown : top.FaultClass;
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
            Causes = [.. ranked.Take(10)],
            Evidence = top is null ? [] : [.. top.Evidence, .. CounterEvidence(top.Entity, known.All, now)],
        };
    }

    private static RankedCause Cause(Candidate candidate, double score, double probability)
    {
        var features = CauseFeatures.Names.Zip(candidate.Features.Values, (name, value) => KeyValuePair.Create(name, Math.Round(value, 4)));
        return new RankedCause
        {
            Entity = candidate.Entity,
            FaultClass = candidate.FaultClass,
            Score = score,
            Probability = probability,
            Features = features.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Evidence = [.. candidate.Supporting.OrderByDescending(alert => alert.Labels[AlertLabel.Role] == AlertLabel.RoleCause).ThenBy(alert => alert.StartsAt)
                .Take(MaximumEvidence).SelectMany(EvidenceOf).Take(MaximumEvidence)],
        };
    }

    private static IEnumerable<Evidence> EvidenceOf(Alert alert) => alert.Evidence.IsEmpty
        ? [new Evidence(EvidenceKind.Alert, alert.Annotations.TryGet("summary", out var summary) ? summary : alert.Name, $"{alert.Fingerprint:x16}", alert.StartsAt) { Entity = alert.Entity }]
        : alert.Evidence;

    // What would have broken too, had it been something larger, and did not.
    private IEnumerable<Evidence> CounterEvidence(EntityId culprit, IReadOnlyCollection<Alert> alerts, DateTimeOffset now)
    {
        var graph = topology.Current;
        if (culprit.Kind is not (EntityKind.Gpu or EntityKind.Nic) || graph.NodeOf(culprit) is not { } node)
            return [];
        var others = graph.In(node, EdgeKind.PartOf).Where(part => part.Kind == culprit.Kind && part != culprit).ToArray();
        var quiet = others.Count(other => alerts.All(alert => alert.Entity != other));
        return quiet == 0 ? [] :
        [
            new Evidence(EvidenceKind.Counter, string.Create(CultureInfo.InvariantCulture, $"{quiet} of the {others.Length} other {culprit.Kind} of {node.Name} show nothing"), node.ToString(), now) { Entity = node },
        ];
    }

    private string Summary(RankedCause? top, bool abstains, double confidence)
    {
        if (top is null)
            return "no candidate: the alerts name nothing the topology knows";
        var name = topology.Current.NameOf(top.Entity);
        var what = top.FaultClass.Replace('_', ' ');
        return abstains
            ? string.Create(CultureInfo.InvariantCulture, $"unclear; most likely {what} at {name} ({confidence:P0})")
            : string.Create(CultureInfo.InvariantCulture, $"{what}: {name}");
    }
}
