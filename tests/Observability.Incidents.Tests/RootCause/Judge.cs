using Observability.Model;

namespace Observability.Incidents.Tests.RootCause;

/// <summary>Correlation and ranking behind each other, as in the pipeline, with the shipped model.</summary>
internal sealed class Judge(TopologyView view, IncidentsOptions? options = null)
{
    private static readonly Lazy<CauseModel> Model = new(CauseModel.Shipped);

    private readonly Correlate _correlate = new(options ?? new IncidentsOptions(), view);
    private readonly RankCauses _rank = new(options ?? new IncidentsOptions(), view, Model.Value);
    private DateTimeOffset _now = Make.At(0);

    public List<IncidentChange> Changes { get; } = [];

    /// <summary>The verdicts in force, by incident.</summary>
    public IReadOnlyList<Verdict> Verdicts => [.. Changes.Where(change => change.Incident.State != IncidentState.Merged).GroupBy(change => change.Incident.Id)
        .Select(incident => incident.Last().Incident.Verdict).OfType<Verdict>()];

    /// <summary>Fires the alerts when they began, and waits until all is judged.</summary>
    public Judge Hear(params IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts.OrderBy(alert => alert.StartsAt))
        {
            Until(alert.StartsAt);
            Take(_correlate.Process(Make.Fires(alert), _now));
        }

        Until(_now.AddSeconds(45));
        return this;
    }

    /// <summary>Ends alerts when the last of them was judged, and waits until their incident is over.</summary>
    public Judge End(params IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts)
            Take(_correlate.Process(Make.Ends(alert, (_now - Make.At(0)).TotalSeconds), _now));
        Until(_now.AddSeconds(90));
        return this;
    }

    /// <summary>Seconds since the start.</summary>
    public double Seconds => (_now - Make.At(0)).TotalSeconds;

    private void Until(DateTimeOffset at)
    {
        for (; _now < at; _now = _now.AddSeconds(1))
            Take(_correlate.Advance(_now));
    }

    private void Take(IEnumerable<IncidentChange> changes)
    {
        foreach (var change in changes.ToArray())
            Changes.AddRange(_rank.Process(change, _now));
    }
}
