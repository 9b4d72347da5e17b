using Observability.Model;

namespace Observability.Incidents.Tests.Correlation;

/// <summary>Drives the correlation second by second and keeps who belongs to whom.</summary>
internal sealed class Correlator(TopologyView view, IncidentsOptions? options = null)
{
    private readonly Dictionary<string, SortedSet<string>> _members = new(StringComparer.Ordinal);
    private DateTimeOffset _now = Make.At(0);

    public Correlate Stage { get; } = new(options ?? new IncidentsOptions(), view);

    public List<IncidentChange> Changes { get; } = [];

    /// <summary>Alerts per incident as <c>name@entity</c>, incidents without alerts left out.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Members => _members.Where(pair => pair.Value.Count > 0).ToDictionary();

    /// <summary>The groups, whatever their incidents are called.</summary>
    public IEnumerable<string> Groups => Members.Values.Select(group => string.Join(" ", group)).Order(StringComparer.Ordinal);

    /// <summary>Fires each alert when it began.</summary>
    public Correlator Fire(params IEnumerable<Alert> alerts)
    {
        foreach (var alert in alerts.OrderBy(alert => alert.StartsAt))
        {
            Until(alert.StartsAt);
            Take(Stage.Process(Make.Fires(alert), _now));
        }

        return this;
    }

    /// <summary>Fires alerts in the given order at one moment.</summary>
    public Correlator FireAt(double at, IEnumerable<Alert> alerts)
    {
        Until(Make.At(at));
        foreach (var alert in alerts)
            Take(Stage.Process(Make.Fires(alert), _now));
        return this;
    }

    public Correlator End(Alert alert, double at)
    {
        Until(Make.At(at));
        Take(Stage.Process(Make.Ends(alert, at), _now));
        return this;
    }

    public Correlator Until(double at) => Until(Make.At(at));

    public IncidentChange Last(string id) => Changes.Last(change => change.Incident.Id == id);

    public static string NameOf(Alert alert) => $"{alert.Name}@{alert.Entity}";

    private Correlator Until(DateTimeOffset at)
    {
        for (; _now < at; _now = _now.AddSeconds(1))
            Take(Stage.Advance(_now));
        return this;
    }

    private void Take(IEnumerable<IncidentChange> changes)
    {
        foreach (var change in changes)
        {
            Changes.Add(change);
            if (!_members.TryGetValue(change.Incident.Id, out var here))
                _members[change.Incident.Id] = here = new SortedSet<string>(StringComparer.Ordinal);
            if (change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined)
                here.Add(NameOf(change.Alert!.Alert));
            else if (change.Kind == IncidentChangeKind.Split)
                here.Remove(NameOf(change.Alert!.Alert));
            else if (change.Kind == IncidentChangeKind.Merged)
                here.Clear();
        }
    }
}
