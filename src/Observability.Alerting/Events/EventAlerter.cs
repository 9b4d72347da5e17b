using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Observability.Model;

namespace Observability.Alerting;

/// <summary>
/// Turns events into alerts by the fault catalogue: one alert per entity and code, however long the storm of lines.
/// An alert ends when its row's hold has passed without a further event, when an event says so (link up, maintenance
/// end), or when the node has booted anew. Not thread-safe; one caller feeds it.
/// </summary>
public sealed partial class EventAlerter
{
    internal const string MaintenanceStart = "change:maintenance_start";
    private const string ClearUpXid = "xid:45";
    private const string RecoveryXid = "xid:154";
    private const int MaxRanksNamed = 64;

    private readonly EventOptions _options;
    private readonly ILogger _logger;
    private readonly AlertLedger _ledger;
    private readonly BootLedger _boots;
    private readonly Dictionary<EventKey, EventEntry> _entries = [];
    private readonly Dictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    private readonly Queue<(string Key, DateTimeOffset At)> _seenOrder = new();
    private readonly Dictionary<LabelSet, (string Xid, DateTimeOffset At)> _lastXid = [];
    private FaultCatalogue _catalogue;

    /// <summary>An alerter with the rows of the catalogue.</summary>
    public EventAlerter(IAlertOutput output, IEnumerable<FaultCatalogueRow> rows, EventOptions options, ILogger<EventAlerter> logger)
    {
        _options = options;
        _logger = logger;
        _ledger = new AlertLedger(output, options.ResendDelay);
        _boots = new BootLedger(options.MaxEntries);
        _catalogue = new FaultCatalogue(rows);
        _logger.CatalogueLoaded(_catalogue.Count);
    }

    /// <summary>Alerts that fire now.</summary>
    public int FiringCount => _ledger.Count;

    /// <summary>Replaces the catalogue; alerts that fire keep the row they fired with.</summary>
    public void Reload(IEnumerable<FaultCatalogueRow> rows)
    {
        _catalogue = new FaultCatalogue(rows);
        _logger.CatalogueLoaded(_catalogue.Count);
    }

    /// <summary>Takes one event.</summary>
    public void Process(TelemetryEvent item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        var at = item.At > now ? now : item.At;
        var boot = _boots.See(item.Labels["node"], item.BootId, at);
        if (boot == BootState.Stale)
        {
            AlertingMetrics.CountEvent("stale_boot");
            return;
        }

        if (boot == BootState.New)
            EndEarlierBoot(item.Labels["node"], item.BootId, now);
        if (IsDuplicate(item, now))
        {
            AlertingMetrics.CountEvent("duplicate");
            return;
        }

        var who = EventTexts.Identity(item);
        if (_options.EndedBy.TryGetValue(item.Code, out var ended))
            EndAll(entry => entry.Key.Code == ended && entry.Key.Who.Equals(who), now);
        AlertingMetrics.CountEvent(Classify(item, who, at, now));
    }

    /// <summary>Ends what is over and posts again what lasts.</summary>
    public void Advance(DateTimeOffset now)
    {
        foreach (var entry in _entries.Values.ToArray())
        {
            if (!_ledger.IsFiring(entry.Labels))
            {
                if (entry.IsForgotten(now))
                    _entries.Remove(entry.Key);
            }
            else if (now >= EndOf(entry))
            {
                // What a count rule has seen stays known for its window; only the alert ends.
                _ledger.Resolve(entry.Labels, now);
                if (entry.Row.Count == 1)
                    _entries.Remove(entry.Key);
            }
            else
            {
                _ledger.Renew(entry.Labels, now);
            }
        }

        foreach (var (who, last) in _lastXid.ToArray())
        {
            if (now - last.At > _options.BurstGap)
                _lastXid.Remove(who);
        }

        while (_seenOrder.TryPeek(out var oldest) && now - oldest.At > _options.DedupeWindow)
            ForgetOldestKey();
    }

    private string Classify(TelemetryEvent item, LabelSet who, DateTimeOffset at, DateTimeOffset now)
    {
        var rows = _catalogue.Find(item.Code);
        if (rows.IsEmpty)
            return _options.EndedBy.ContainsKey(item.Code) ? "ended" : "unmatched";
        if (rows[0].Code.EndsWith(":*", StringComparison.Ordinal))
            AlertingMetrics.UnknownCodes.Add(1, new KeyValuePair<string, object?>("family", rows[0].Code[..^2]));
        var outcome = "counted";
        foreach (var row in rows)
        {
            var adapted = Adapt(row, item, who, at);
            if (adapted.Severity == "none")
                continue;
            if (at + HoldOf(adapted) <= now)
                outcome = "expired";
            else
                outcome = Take(adapted, item, who, at, now);
        }

        return outcome;
    }

    // XID 45 cleans up after another error. The driver says after which from release 590 on; before that, an XID on the
    // same GPU shortly before is taken for it.
    private FaultCatalogueRow Adapt(FaultCatalogueRow row, TelemetryEvent item, LabelSet who, DateTimeOffset at)
    {
        if (item.Code != ClearUpXid)
        {
            if (item.Code.StartsWith("xid:", StringComparison.Ordinal) && item.Code != RecoveryXid && _lastXid.Count < _options.MaxEntries)
                _lastXid[who] = (item.Code[4..], at);
            return row;
        }

        var previous = item.Fields["previous_xid"];
        if (previous.Length == 0 && _lastXid.TryGetValue(who, out var last) && at - last.At <= _options.BurstGap)
            previous = last.Xid;
        if (previous is "" or "45")
            return row;
        var cause = _catalogue.Find("xid:" + previous);
        return row with
        {
            FaultClass = cause.IsEmpty ? FaultClass.Unknown : cause[0].FaultClass,
            Role = AlertLabel.RoleSymptom,
            Severity = row.Severity == "none" ? "info" : row.Severity,
        };
    }

    private string Take(FaultCatalogueRow row, TelemetryEvent item, LabelSet who, DateTimeOffset at, DateTimeOffset now)
    {
        var key = new EventKey(who, item.Code, row.Count);
        // The same change made again is another one, and counts from now.
        if (row.FaultClass == FaultClass.BadChange && _entries.Remove(key, out var earlier))
            _ledger.Resolve(earlier.Labels, now);
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count >= _options.MaxEntries)
            {
                AlertingMetrics.CountRefused("events");
                _logger.EventRefused(item.Code, _entries.Count);
                return "refused";
            }

            entry = new EventEntry(key, row, EventTexts.LabelsOf(row, item.Code, who));
            _entries.Add(key, entry);
        }

        entry.Add(item, at, _options.BurstGap);
        Enrich(entry, item);
        if (item.Code == RecoveryXid && TakeRecoveryAction(entry, item, now))
            return "ended";
        if (!entry.IsReached)
            return "counted";
        _ledger.Fire(Describe(entry), now);
        return "alert";
    }

    private static void Enrich(EventEntry entry, TelemetryEvent item)
    {
        if (item.Fields["previous_xid"] is { Length: > 0 } previous)
            entry.PreviousXid = previous;
        if (item.Labels["rank"] is { Length: > 0 } rank && entry.Ranks.Count < MaxRanksNamed)
            entry.Ranks.Add(rank);
    }

    // "GPU recovery action changed from 0x0 (None) to 0x4 (Drain and Reset)": the last word in brackets is the driver's
    // own verdict. It goes to every alert of that GPU; "None" takes it back.
    private bool TakeRecoveryAction(EventEntry entry, TelemetryEvent item, DateTimeOffset now)
    {
        var text = item.Fields["message"] is { Length: > 0 } message ? message : item.Raw;
        var words = InBrackets().Matches(text);
        var action = words.Count == 0 ? "" : words[^1].Groups[1].Value;
        entry.RecoveryAction = action;
        foreach (var other in _entries.Values.Where(other => other.Key.Who.Equals(entry.Key.Who) && other != entry).ToArray())
        {
            if (_ledger.IsFiring(other.Labels))
                _ledger.Fire(Describe(other), now, atOnce: true);
        }

        if (!action.Equals("None", StringComparison.OrdinalIgnoreCase))
            return false;
        _ledger.Resolve(entry.Labels, now);
        _entries.Remove(entry.Key);
        return true;
    }

    private Alert Describe(EventEntry entry)
    {
        var recovery = entry.RecoveryAction;
        if (recovery.Length == 0 && _entries.TryGetValue(new EventKey(entry.Key.Who, RecoveryXid, 1), out var verdict))
            recovery = verdict.RecoveryAction;
        return EventTexts.AlertOf(entry, recovery);
    }

    private bool IsDuplicate(TelemetryEvent item, DateTimeOffset now)
    {
        if (item.DedupeKey.Length == 0)
            return false;
        if (_seen.TryGetValue(item.DedupeKey, out var at) && now - at <= _options.DedupeWindow)
            return true;
        if (_seenOrder.Count >= _options.MaxDedupeKeys)
        {
            AlertingMetrics.CountRefused("dedupe");
            ForgetOldestKey();
        }

        _seen[item.DedupeKey] = now;
        _seenOrder.Enqueue((item.DedupeKey, now));
        return false;
    }

    private void ForgetOldestKey()
    {
        var (key, at) = _seenOrder.Dequeue();
        if (_seen.TryGetValue(key, out var last) && last == at)
            _seen.Remove(key);
    }

    private void EndEarlierBoot(string node, string bootId, DateTimeOffset now)
    {
        var ended = EndAll(entry => entry.Key.Who["node"] == node && entry.Last is { BootId.Length: > 0 } last && last.BootId != bootId, now);
        _logger.NodeRebooted(node, ended);
    }

    private int EndAll(Func<EventEntry, bool> isOver, DateTimeOffset now)
    {
        var ended = 0;
        foreach (var entry in _entries.Values.Where(isOver).ToArray())
        {
            // A repetition outlives the end of each single case, and the boot between two of them: that is its point.
            if (entry.Row.Count > 1)
            {
                entry.EndBurst();
                continue;
            }

            ended += _ledger.IsFiring(entry.Labels) ? 1 : 0;
            _ledger.Resolve(entry.Labels, now);
            _entries.Remove(entry.Key);
        }

        return ended;
    }

    private DateTimeOffset EndOf(EventEntry entry) =>
        (entry.Key.Code == MaintenanceStart ? entry.FirstAt : entry.LastAt) + HoldOf(entry.Row);

    private TimeSpan HoldOf(FaultCatalogueRow row) =>
        row.Code == MaintenanceStart && row.Hold > _options.MaintenanceMaximum ? _options.MaintenanceMaximum : row.Hold;

    [GeneratedRegex(@"\(([^()]*)\)")]
    private static partial Regex InBrackets();
}
