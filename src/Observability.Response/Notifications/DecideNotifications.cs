using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Decides what is worth telling: the first verdict, another answer, approvals, failures, and the end of what was told.
/// The same answer with another figure behind it is no news.
/// </summary>
internal sealed class DecideNotifications
{
    // Incidents that are over stay known for what is said of their runs later.
    private const int RememberedIncidents = 10_000;

    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);
    private readonly Queue<string> _closed = new();

    public IEnumerable<Notification> On(IncidentChange change, DateTimeOffset now)
    {
        var incident = change.Incident;
        if (!_told.TryGetValue(incident.Id, out var told))
            _told[incident.Id] = told = new Told();
        told.Incident = incident;
        if (incident.State is IncidentState.Resolved or IncidentState.Merged)
            return Close(told, now);
        told.IsClosed = false;
        if (change is { Kind: IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined, Alert: { } joined })
            (told.HasAlert, told.IsLoud) = (true, told.IsLoud || joined.Marks.All(mark => mark.Reason != NoiseReason.Digest));
        if (change.Kind != IncidentChangeKind.VerdictReached || incident.Verdict is not { } verdict || verdict.FaultClass == FaultClass.Maintenance)
            return [];
        // Nobody is woken by what is taken for noise alone; one alert that is not makes it news like any other.
        if (told is { HasAlert: true, IsLoud: false })
            return Fold(told, now);
        var answer = (verdict.Kind, verdict.FaultClass, verdict.Entity);
        if (told.IsFiring && told.Answer == answer)
            return [];
        var kind = told.IsFiring ? NotificationKind.Updated : NotificationKind.Firing;
        (told.IsFiring, told.Answer) = (true, answer);
        return [Of(told, kind, null, now)];
    }

    /// <summary>A message about a run; null where its incident was never seen.</summary>
    public Notification? About(RunbookExecution execution, NotificationKind kind, DateTimeOffset now) =>
        _told.TryGetValue(execution.IncidentId, out var told) ? Of(told, kind, execution, now) : null;

    private static IEnumerable<Notification> Fold(Told told, DateTimeOffset now)
    {
        if (told.IsFolded)
            return [];
        told.IsFolded = true;
        return [Of(told, NotificationKind.Digest, null, now)];
    }

    private IEnumerable<Notification> Close(Told told, DateTimeOffset now)
    {
        if (!told.IsClosed)
        {
            told.IsClosed = true;
            _closed.Enqueue(told.Incident.Id);
            while (_closed.Count > RememberedIncidents)
            {
                var oldest = _closed.Dequeue();
                if (_told.TryGetValue(oldest, out var one) && one.IsClosed)
                    _told.Remove(oldest);
            }
        }

        // A digest wakes nobody, so that no end is owed to it.
        told.IsFolded = false;
        if (!told.IsFiring)
            return [];
        told.IsFiring = false;
        return [Of(told, NotificationKind.Resolved, null, now)];
    }

    private static Notification Of(Told told, NotificationKind kind, RunbookExecution? execution, DateTimeOffset now) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"{told.Incident.Id}/{kind}/{++told.Count}"),
        Kind = kind,
        Incident = told.Incident,
        Execution = execution,
        At = now,
    };

    private sealed class Told
    {
        public Incident Incident { get; set; } = null!;

        public bool IsFiring { get; set; }

        public bool HasAlert { get; set; }

        public bool IsLoud { get; set; }

        public bool IsFolded { get; set; }

        public bool IsClosed { get; set; }

        public (VerdictKind Kind, string FaultClass, EntityId? Entity) Answer { get; set; }

        public int Count { get; set; }
    }
}
