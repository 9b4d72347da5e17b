using System.Collections.Immutable;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>Everything a report is made of, copied at one moment, so that making it holds nobody up.</summary>
internal sealed record NoiseFacts(NoiseReport Totals, IReadOnlyList<RuleFact> Rules, IReadOnlyList<FiringFact> Firings, bool SomebodyIsThere)
{
    // Fewer firings than this prove no habit.
    public const int Often = 10;

    // One incident in which something flaps a hundred times is one thing that nobody cared for.
    private const int Several = 3;

    public static NoiseFacts Of(NoiseCounts counts, IReadOnlyList<(RuleTrack Track, RuleRecord Record)> rules, IReadOnlyCollection<Firing> firings, (DateTimeOffset Now, bool SomebodyIsThere) around)
    {
        var onlyRules = firings.Select(firing => firing.Incident).OfType<IncidentTrack>().Distinct().ToDictionary(incident => incident, incident => incident.OnlyRule);
        var alone = onlyRules.Where(pair => !pair.Key.IsMerged && pair.Value is not null).ToLookup(pair => pair.Value!, pair => pair.Key);
        return new NoiseFacts(
            new NoiseReport
            {
                From = counts.From,
                To = around.Now,
                AlertsIn = counts.AlertsIn,
                IncidentsOut = counts.IncidentsOut,
                Compression = new NoiseTotals(counts.AlertsIn, counts.IncidentsOut, ImmutableSortedDictionary<NoiseReason, long>.Empty).Compression,
                Pages = counts.Pages,
                Reductions = counts.Reductions.ToImmutableSortedDictionary(),
                Remembered = firings.Count,
            },
            [.. rules.Select(rule => new RuleFact(Of(rule.Track, rule.Record), rule.Track.IsProtected, alone[rule.Track].Count(), alone[rule.Track].Sum(incident => incident.Pages)))],
            [.. firings.Select(one => new FiringFact(one.Track.Id, one.Fingerprint, one.Entity, one.StartsAt, one.EndsAt, one.Outcome == FiringOutcome.Right)
            {
                AloneIn = one.Incident is { IsMerged: false } incident && onlyRules[incident] == one.Track ? incident.Id : "",
            })],
            around.SomebodyIsThere);
    }

    private static RuleNoise Of(RuleTrack track, RuleRecord record) => new()
    {
        Rule = track.Id,
        Standing = track.Standing,
        Severity = track.Severity,
        Fired = track.Fired,
        InShadow = track.InShadow,
        Incidents = track.Incidents,
        Actioned = track.Actioned,
        Pages = track.Pages,
        Record = record,
        Young = track.Window.Count - record.Judged - record.Undecided,
        Reductions = track.Reductions.ToImmutableSortedDictionary(),
        IsNeverActioned = track.Fired >= Often && track is { Incidents: >= Several, Actioned: 0 } && record.Right == 0,
    };
}
