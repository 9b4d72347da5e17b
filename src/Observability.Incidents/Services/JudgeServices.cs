using System.Collections.Immutable;
using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Answers incidents of plain services with <see cref="RankByAlerts"/>: the alerts, who calls whom, and what has fired in earlier incidents. Its
/// scores are no calibrated probabilities, and it says none. docs/service-ranking.md has the method.
/// </summary>
internal sealed class JudgeServices(TopologyView topology)
{
    // Odds of 20 to 1 are where evidence is called strong (Kass and Raftery 1995, Bayes Factors, table in §3.2).
    private const double ClearOdds = 20;
    private const int MaximumCauses = 10;
    private const int MaximumLines = 8;
    private const int MaximumNames = 3;

    private RankByAlerts _ranker = new(new ServiceGraph([], []));

    /// <summary>True where the alerts speak of services that the topology knows, and of nothing else: this platform's own parts are not among them.</summary>
    public bool Concerns(IReadOnlyCollection<Alert> alerts)
    {
        var any = false;
        foreach (var alert in alerts)
        {
            var isOfService = ServiceSigns.IsOfService(alert) && topology.Current.Find(alert.Entity!.Value) is not null;
            if (!isOfService && alert.Entity is not null && alert.Origin != AlertOrigin.Slo)
                return false;
            any |= isOfService;
        }

        return any;
    }

    /// <summary>The answer; <see cref="VerdictKind.Unknown"/>, with the candidates, where the first of them does not stand out.</summary>
    public Verdict Decide(string incidentId, IReadOnlyCollection<Alert> alerts, int revision, DateTimeOffset now)
    {
        var at = Places(alerts);
        Lay(at.Keys);
        var ranking = _ranker.Rank([.. at.Values.SelectMany(here => here).Select(ServiceSigns.Of)]);
        var changes = MadeChange.Among(alerts);
        var causes = ranking.Take(MaximumCauses).Select(node => Cause(node, (at, changes), now)).ToImmutableArray();
        var margin = ranking.Count == 0 ? 0 : ranking[0].Score - (ranking.Count > 1 ? ranking[1].Score : 0);
        var isClear = margin >= Math.Log(ClearOdds);
        return new Verdict
        {
            IncidentId = incidentId,
            Revision = revision,
            Kind = isClear ? VerdictKind.NotHardware : VerdictKind.Unknown,
            FaultClass = isClear ? causes[0].FaultClass : FaultClass.Unknown,
            Entity = isClear ? causes[0].Entity : null,
            Confidence = 0,
            DecidedAt = now,
            Summary = Summary(causes.FirstOrDefault(), isClear, at),
            Causes = causes,
            Evidence = causes.IsEmpty ? [] : [.. causes[0].Evidence, .. Around(causes[0].Entity, at, now), .. Changed(causes[0].Entity, changes), Margin(ranking, causes[0].Entity, now)],
        };
    }

    /// <summary>An incident is over: what fired in it is less of a surprise from now on.</summary>
    public void Remember(IReadOnlyCollection<Alert> alerts)
    {
        var at = Places(alerts);
        Lay(at.Keys);
        _ranker.Remember([.. at.Values.SelectMany(here => here).Select(ServiceSigns.Of)]);
    }

    private static SortedDictionary<EntityId, List<Alert>> Places(IReadOnlyCollection<Alert> alerts)
    {
        var at = new SortedDictionary<EntityId, List<Alert>>();
        foreach (var alert in alerts.Where(alert => ServiceSigns.IsOfService(alert) && !alert.IsChange).OrderBy(alert => alert.StartsAt).ThenBy(alert => alert.Fingerprint))
        {
            if (!at.TryGetValue(alert.Entity!.Value, out var here))
                at[alert.Entity!.Value] = here = [];
            here.Add(alert);
        }

        return at;
    }

    private void Lay(ICollection<EntityId> alerting) => _ranker = _ranker.Over(LiveGraph.Of([.. alerting], topology.Current));

    private static RankedCause Cause(RankedNode node, (SortedDictionary<EntityId, List<Alert>> At, IReadOnlyList<MadeChange> Changes) known, DateTimeOffset now)
    {
        var entity = new EntityId(EntityKind.Service, node.Id);
        var here = known.At.GetValueOrDefault(entity) ?? [];
        var lines = node.Evidence.Select(text => new Evidence(EvidenceKind.Topology, text, entity.ToString(), now) { Entity = entity }).ToArray();
        return new RankedCause
        {
            Entity = entity,
            FaultClass = known.Changes.Any(change => change.At == entity) ? FaultClass.BadChange : ClassOf(here),
            Score = node.Score,
            Probability = 0,
            Features = ImmutableSortedDictionary<string, double>.Empty.Add("log_likelihood_ratio", Math.Round(node.Score, 4)).Add("alerts", here.Count),
            Evidence = [.. here.SelectMany(CauseEvidence.LinesOf).DistinctBy(line => (line.Kind, line.Text, line.Reference)).Take(MaximumLines - lines.Length), .. lines],
        };
    }

    // Whatever an alert of a service claims, no verdict of this ranker sends anybody to a device.
    private static string ClassOf(List<Alert> here) => here.Select(alert => alert.FaultClass)
        .FirstOrDefault(one => FaultClass.KindOf(one) == VerdictKind.NotHardware, FaultClass.UserCodeError);

    private string Summary(RankedCause? top, bool isClear, SortedDictionary<EntityId, List<Alert>> at)
    {
        if (top is null)
            return "no service stands out: what fires has been firing in earlier incidents as well";
        var name = topology.Current.NameOf(top.Entity);
        var what = top.FaultClass == FaultClass.BadChange ? $"bad change: service {name}" : $"service {name} is at fault";
        return isClear ? $"{what}: {Named((at.GetValueOrDefault(top.Entity) ?? []).Select(alert => alert.Name))}" : $"unclear; most likely service {name}";
    }

    // Who suffers from it, and what it could have suffered from and does not.
    private IEnumerable<Evidence> Around(EntityId service, SortedDictionary<EntityId, List<Alert>> at, DateTimeOffset now)
    {
        var paths = CallPath.Of(service, topology.Current);
        var callers = paths.Where(path => !path.IsCallee && at.ContainsKey(path.Service)).Select(path => topology.Current.NameOf(path.Service)).ToArray();
        var callees = paths.Where(path => path.IsCallee && path.Hops == 1).ToArray();
        if (callers.Length > 0)
            yield return Line(EvidenceKind.Topology, $"{Named(callers)} {(callers.Length == 1 ? "calls" : "call")} {topology.Current.NameOf(service)} and {(callers.Length == 1 ? "shows" : "show")} it too");
        if (callees.Length > 0 && callees.All(path => !at.ContainsKey(path.Service)))
            yield return Line(EvidenceKind.Counter, callees.Length == 1 ? $"{topology.Current.NameOf(callees[0].Service)}, which it calls, shows nothing" : $"none of the {callees.Length} services that it calls shows anything");

        Evidence Line(EvidenceKind kind, string text) => new(kind, text, service.ToString(), now) { Entity = service };
    }

    // What was changed there, and at what it calls.
    private IEnumerable<Evidence> Changed(EntityId service, IReadOnlyList<MadeChange> changes) => changes.DistinctBy(change => change.At).OrderByDescending(change => change.At == service).Take(MaximumNames)
        .Select(change => new Evidence(EvidenceKind.Change, change.Words(topology.Current), change.Reference, change.Alert.StartsAt) { Entity = change.At, Value = Math.Round(change.Before.TotalMinutes, 2) });

    private Evidence Margin(IReadOnlyList<RankedNode> ranking, EntityId first, DateTimeOffset now)
    {
        var margin = ranking[0].Score - (ranking.Count > 1 ? ranking[1].Score : 0);
        var rival = ranking.Count > 1 ? $"ahead of {topology.Current.NameOf(new EntityId(EntityKind.Service, ranking[1].Id))}" : "for it, and nothing for another";
        var text = string.Create(CultureInfo.InvariantCulture, $"{margin:0.0} nats {rival}; a clear answer takes {Math.Log(ClearOdds):0.0}, and none of it is a calibrated probability");
        return new Evidence(EvidenceKind.Topology, text, first.ToString(), now) { Entity = first, Value = Math.Round(margin, 4) };
    }

    private static string Named(IEnumerable<string> names)
    {
        string[] all = [.. names.Distinct(StringComparer.Ordinal)];
        return string.Join(", ", all.Take(MaximumNames)) + (all.Length > MaximumNames ? $" and {all.Length - MaximumNames} more" : "");
    }
}
