using System.Globalization;
using Observability.Model;

namespace Observability.Response;

/// <summary>
/// Decides what is worth telling: the first verdict, another answer, approvals, failures, and the end of what was told.
/// The same answer with another figure behind it is no news. Of a muted incident nothing is told but the end of what was; what it misses is told
/// when it is muted no more, as if it came then.
/// </summary>
internal sealed class DecideNotifications
{
    // Incidents that are over stay known for what is said of their runs later.
    private const int RememberedIncidents = 10_000;

    // Runs of one muted incident whose latest message waits. More than people start by hand meanwhile.
    private const int MostWithheld = 32;

    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);
    private readonly Queue<string> _closed = new();

    public IEnumerable<Notification> On(IncidentChange change, DateTimeOffset now)
    {
        var incident = change.Incident;
        if (!_told.TryGetValue(incident.Id, out var told))
            _told[incident.Id] = told = new Told();
        told.Incident = incident;
        if (incident.IsOver)
            return Close(told, now);
        told.IsClosed = false;
        told.Hear(change);
        var news = OnVerdict(told, change, now);
        return change.Kind == IncidentChangeKind.Unmuted ? [.. news, .. Release(told, now)] : news;
    }

    /// <summary>True while nobody is told of an incident.</summary>
    public bool IsMuted(string incidentId) => _told.TryGetValue(incidentId, out var told) && told.IsMuted;

    /// <summary>A message about a run; null where its incident was never seen, or is muted.</summary>
    public Notification? About(RunbookExecution execution, NotificationKind kind, DateTimeOffset now)
    {
        if (!_told.TryGetValue(execution.IncidentId, out var told))
            return null;
        if (!told.IsMuted)
            return Of(told, kind, execution, now);
        // Who is asked for a yes is asked again then; whether the rest is still true by itself nobody can tell, so it is told.
        if (kind != NotificationKind.Approval && (told.Withheld.Count < MostWithheld || told.Withheld.ContainsKey(execution.Id)))
            told.Withheld[execution.Id] = (execution, kind);
        return null;
    }

    private static IEnumerable<Notification> OnVerdict(Told told, IncidentChange change, DateTimeOffset now)
    {
        if (change.Kind is not (IncidentChangeKind.VerdictReached or IncidentChangeKind.Muted or IncidentChangeKind.Unmuted) || told.Incident.Verdict is not { } verdict)
            return [];
        // Announced work is no news; what is still wrong when it is over is.
        if (verdict.FaultClass == FaultClass.Maintenance && (change.Kind != IncidentChangeKind.Unmuted || told.Work.Count > 0))
            return [];
        // Nobody is woken by what is taken for noise alone; one alert that is not makes it news like any other.
        var isNoise = told is { HasAlert: true, IsLoud: false };
        if (told.Incident.Mute is { } mute ? mute.IsInDigest : isNoise)
            return Fold(told, now);
        if (told.IsMuted)
            return [];
        var answer = (verdict.Kind, verdict.FaultClass, verdict.Entity);
        if (told.IsFiring && told.Answer == answer)
            return [];
        var kind = told.IsFiring ? NotificationKind.Updated : NotificationKind.Firing;
        (told.IsFiring, told.Answer) = (true, answer);
        return [Of(told, kind, null, now)];
    }

    private static Notification[] Release(Told told, DateTimeOffset now)
    {
        Notification[] late = [.. told.Withheld.Values.Select(one => Of(told, one.Kind, one.Execution, now))];
        told.Withheld.Clear();
        return late;
    }

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
        told.Withheld.Clear();
        told.Work.Clear();
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

        /// <summary>Announced work among its alerts that is not over.</summary>
        public HashSet<ulong> Work { get; } = [];

        /// <summary>What was to be told of its runs while it was muted, the latest of each.</summary>
        public SortedDictionary<string, (RunbookExecution Execution, NotificationKind Kind)> Withheld { get; } = new(StringComparer.Ordinal);

        public bool IsMuted => Incident.Mute is not null && !IsClosed;

        public void Hear(IncidentChange change)
        {
            // What left the digest because it was silenced comes back when it is no more.
            if (change is { Kind: IncidentChangeKind.Muted, Incident.Mute.IsInDigest: false })
                IsFolded = false;
            if (change.Alert is not { } alert)
                return;
            var joined = change.Kind is IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined;
            if (joined)
                (HasAlert, IsLoud) = (true, IsLoud || alert.Marks.All(mark => mark.Reason != NoiseReason.Digest));
            if (alert.Alert.FaultClass == FaultClass.Maintenance && joined)
                Work.Add(alert.Alert.Fingerprint);
            else if (change.Kind is IncidentChangeKind.AlertResolved or IncidentChangeKind.Split)
                Work.Remove(alert.Alert.Fingerprint);
        }
    }
}
