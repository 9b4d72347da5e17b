namespace Observability.Incidents;

/// <summary>Top-1 of rules that need no training.</summary>
/// <param name="Random">Any candidate.</param>
/// <param name="EarliestAlert">The candidate that showed something first.</param>
/// <param name="MostAlerts">The candidate with the most alerts.</param>
/// <param name="MostCauseAlerts">The candidate that most cause-role alerts point at: what inhibition rules do.</param>
public sealed record CauseBaselines(double Random, double EarliestAlert, double MostAlerts, double MostCauseAlerts)
{
    internal static CauseBaselines Of(IReadOnlyList<LabelledIncident> judged) => new(
        Share(judged, _ => 0),
        Share(judged, values => -values[IndexOf("onset_order")]),
        Share(judged, values => values[IndexOf("share_of_alerts")]),
        Share(judged, values => values[IndexOf("cause_alerts")]));

    private static int IndexOf(string feature) => CauseFeatures.Names.ToList().IndexOf(feature);

    private static double Share(IReadOnlyList<LabelledIncident> judged, Func<float[], float> score) => Math.Round(judged.Average(incident =>
    {
        var scores = incident.Candidates.Select(candidate => score(candidate.Values)).ToArray();
        var best = scores.Max();
        return scores[incident.TrueIndex!.Value] >= best ? 1.0 / scores.Count(one => one >= best) : 0;
    }), 4);
}
