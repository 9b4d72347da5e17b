using Observability.Model;

namespace Observability.Server;

/// <summary>Keeps of every incident what an answer tells: its signs, its verdicts, and whom a runbook would have cordoned.</summary>
internal sealed class IncidentLedger(IReadOnlyList<Runbook> runbooks) : IJournalReader
{
    // A storm has tens of thousands of alerts: the first of each entity tell when it was noticed.
    private const int MostSigns = 512;
    private const int MostVerdicts = 32;

    private readonly Dictionary<string, Kept> _kept = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cordoning = [.. runbooks.Where(one => one.Steps.Any(step => step.Action.EndsWith(".cordon", StringComparison.Ordinal))).Select(one => one.Id)];

    /// <summary>Changes to firing.</summary>
    public int Alerts { get; private set; }

    /// <summary>The incidents that were not merged into others, oldest first.</summary>
    public IReadOnlyList<TrackedIncident> Incidents => [.. _kept.Values
        .Where(one => one.Incident is { State: not IncidentState.Merged }).Select(one => one.Track())
        .OrderBy(one => one.OpenedAt).ThenBy(one => one.Incident.Id, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Read(JournalRecord record, bool isReplay) => Read(record.Entry);

    /// <summary>Takes a record.</summary>
    public void Read(JournalEntry entry)
    {
        switch (entry)
        {
            case AlertChanged { Transition.Kind: AlertTransitionKind.Fired }:
                Alerts++;
                break;
            case IncidentChanged changed:
                Read(changed.Change);
                break;
            case ExecutionChanged { Execution: { Node: { } node } run } when _cordoning.Contains(run.RunbookId):
                Of(run.IncidentId).Cordons.TryAdd(node, run.CreatedAt);
                break;
        }
    }

    private void Read(IncidentChange change)
    {
        var kept = Of(change.Incident.Id);
        kept.Incident = change.Incident;
        if (change is { Alert: { } alert, Kind: IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined })
            kept.Add(alert);
        else if (change is { Alert: { } gone, Kind: IncidentChangeKind.Split })
            kept.Signs.Remove(gone.Alert.Fingerprint);
        else if (change is { Kind: IncidentChangeKind.VerdictReached, Incident.Verdict: { } verdict } && kept.Verdicts.Count < MostVerdicts)
            kept.Verdicts.Add(verdict);
        else if (change is { Kind: IncidentChangeKind.Merged, Incident.MergedInto: { Length: > 0 } into } && kept.OpenedAt < Of(into).OpenedAt)
            Of(into).OpenedAt = kept.OpenedAt;
        if (change.Incident.OpenedAt < kept.OpenedAt)
            kept.OpenedAt = change.Incident.OpenedAt;
    }

    private Kept Of(string id)
    {
        if (!_kept.TryGetValue(id, out var kept))
            _kept[id] = kept = new Kept();
        return kept;
    }

    private sealed class Kept
    {
        public Incident? Incident { get; set; }

        // Whoever was told of an incident was told when the first of what merged into it was opened.
        public DateTimeOffset OpenedAt { get; set; } = DateTimeOffset.MaxValue;

        public Dictionary<ulong, ScreenedAlert> Signs { get; } = [];

        public List<Verdict> Verdicts { get; } = [];

        public Dictionary<EntityId, DateTimeOffset> Cordons { get; } = [];

        public void Add(ScreenedAlert alert)
        {
            if (Signs.Count < MostSigns)
                Signs.TryAdd(alert.Alert.Fingerprint, alert);
        }

        public TrackedIncident Track() => new()
        {
            Incident = Incident!,
            OpenedAt = OpenedAt,
            Signs = [.. Signs.Values.Where(sign => sign.Alert.Entity is not null)
                .GroupBy(sign => (Entity: sign.Alert.Entity!.Value, sign.Alert.Name))
                .Select(group => new IncidentSign(group.Key.Entity, group.Key.Name, group.Min(sign => sign.Transition.At)))
                .OrderBy(sign => sign.At).ThenBy(sign => sign.Entity).ThenBy(sign => sign.Alert, StringComparer.Ordinal)],
            Verdicts = [.. Verdicts],
            Cordons = [.. Cordons.OrderBy(cordon => cordon.Value).Select(cordon => new WouldCordon(
                cordon.Key.Name,
                cordon.Value,
                Verdicts.Where(verdict => verdict is { Kind: VerdictKind.Hardware }).Select(verdict => verdict.Confidence).DefaultIfEmpty(0).Max()))],
        };

    }
}
