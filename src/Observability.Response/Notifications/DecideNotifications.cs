using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>Decides what is worth telling: first and changed verdicts, approvals, failures, and the end of what was told.</summary>
internal sealed class DecideNotifications
{
    private readonly Dictionary<string, (Incident Incident, int Count)> _told = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Incident> _incidents = new(StringComparer.Ordinal);

    public IEnumerable<Notification> On(IncidentChange change, DateTimeOffset now)
    {
        var incident = change.Incident;
        _incidents[incident.Id] = incident;
        if (change.Kind == IncidentChangeKind.VerdictReached && incident.Verdict!.FaultClass != FaultClass.Maintenance)
        {
            var count = _told.GetValueOrDefault(incident.Id).Count + 1;
            _told[incident.Id] = (incident, count);
            return [Of(incident, count == 1 ? NotificationKind.Firing : NotificationKind.Updated, count, null, now)];
        }

        if (change.Kind is not (IncidentChangeKind.Resolved or IncidentChangeKind.Merged))
            return [];
        _incidents.Remove(incident.Id);
        return _told.Remove(incident.Id, out var told) ? [Of(incident, NotificationKind.Resolved, told.Count + 1, null, now)] : [];
    }

    public Notification? About(RunbookExecution execution, NotificationKind kind, DateTimeOffset now)
    {
        if (!_incidents.TryGetValue(execution.IncidentId, out var incident))
            return null;
        var count = _told.GetValueOrDefault(incident.Id).Count + 1;
        _told[incident.Id] = (incident, count);
        return Of(incident, kind, count, execution, now);
    }

    private static Notification Of(Incident incident, NotificationKind kind, int count, RunbookExecution? execution, DateTimeOffset now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{incident.Id}/{kind}/{count}"),
        Kind = kind,
        Incident = incident,
        Execution = execution,
        At = now,
    };
}
