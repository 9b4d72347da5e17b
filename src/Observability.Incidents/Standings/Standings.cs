using System.Globalization;
using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Keeps alerts of rules that are not trusted yet from counting: marks them as shadow. A rule is promoted when its measured precision is surely
/// high enough, and demoted when it surely is not; between the two limits it stays where it is. Whoever may wake somebody for broken hardware is
/// only proposed for demotion. Changes are decided once and journaled; reading them back decides nothing.
/// </summary>
public sealed class Standings(StandingOptions options, TopologyView topology) : IStage<ScreenedAlert, ScreenedAlert>
{
    /// <summary>Who decides where nobody does.</summary>
    public const string Platform = "platform";

    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private readonly Dictionary<RuleId, Standing?> _begun = [];
    private DateTimeOffset _due = DateTimeOffset.MinValue;

    /// <summary>What fired and what became of it.</summary>
    public FiringLedger Ledger { get; } = new(options, topology);

    /// <inheritdoc/>
    public string Name => "standing";

    /// <inheritdoc/>
    public IEnumerable<ScreenedAlert> Process(ScreenedAlert item, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(item);
        return [Ledger.Find(RuleId.Of(item.Alert)) is { IsShadow: true } ? item with { IsShadow = true } : item];
    }

    /// <summary>True for an alert that must not leave the platform, also where its rule has not fired before.</summary>
    public bool HoldsBack(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.State == AlertState.Firing
            && (Ledger.Find(RuleId.Of(alert))?.Standing?.Standing ?? StandingStart.Of(alert, options).To) == Standing.Shadow;
    }

    /// <summary>Takes an entry of the journal in.</summary>
    public void Observe(JournalEntry entry, DateTimeOffset at)
    {
        if (entry is StandingChanged { Change: { } change })
            _begun[change.Rule] = change.Declared ?? _begun.GetValueOrDefault(change.Rule);
        Ledger.Observe(entry, at);
    }

    /// <summary>Where an alert's rule begins, or what its rule asks for anew; null where neither is news.</summary>
    public StandingChange? Begin(AlertTransition transition)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition.Kind != AlertTransitionKind.Fired || transition.Alert.IsChange)
            return null;
        var alert = transition.Alert;
        var rule = RuleId.Of(alert);
        var declared = StandingStart.DeclaredBy(alert);
        var isKnown = _begun.TryGetValue(rule, out var before);
        if (isKnown ? declared is null || declared == before : _begun.Count >= options.MaximumRules)
            return null;
        _begun[rule] = declared;
        var last = Ledger.Find(rule)?.Standing?.Last;
        if (last is { IsPinned: true })
            return null;
        var (to, reason) = StandingStart.Of(alert, options);
        return new StandingChange { Rule = rule, From = last?.To, To = to, Declared = declared, Reason = reason, By = Platform, At = transition.At };
    }

    /// <summary>What a command changes; null for other commands.</summary>
    public StandingChange? On(Command command)
    {
        if (command is not SetStanding set)
            return null;
        var track = Ledger.Find(set.Rule);
        return new StandingChange
        {
            Rule = set.Rule,
            From = track?.Standing?.Standing,
            To = set.To,
            IsPinned = set.IsPinned,
            Declared = track?.Standing?.Last.Declared,
            Record = track is null ? RuleRecord.Empty : Ledger.RecordOf(track, set.At),
            Reason = set.Reason,
            By = set.Actor,
            At = set.At,
        };
    }

    /// <summary>Promotions, demotions and proposals that are due; looked at once a minute.</summary>
    public IReadOnlyList<StandingChange> Due(DateTimeOffset now)
    {
        if (now < _due)
            return [];
        _due = now + Look;
        return [.. Ledger.Rules.Select(track => Decide(track, now)).OfType<StandingChange>()];
    }

    private StandingChange? Decide(RuleTrack track, DateTimeOffset now)
    {
        if (track.Standing is not { Last: { IsPinned: false } last } standing || track.Window.Count < options.Firings)
            return null;
        var record = Ledger.RecordOf(track, now);
        if (record.Judged < options.Firings)
            return null;
        var promotes = standing.Standing == Standing.Shadow && record.Lower >= options.PromoteAt;
        var demotes = standing is { Standing: Standing.Live, Proposal: null } && record.Upper < options.DemoteBelow;
        if (!promotes && !demotes)
            return null;
        IncidentsMetrics.StandingChanges.Add(1, new KeyValuePair<string, object?>("to", promotes ? "live" : track.IsProtected ? "proposed" : "shadow"));
        return last with
        {
            From = standing.Standing,
            To = promotes ? Standing.Live : Standing.Shadow,
            IsProposal = demotes && track.IsProtected,
            Record = record,
            Reason = Why(record, promotes, demotes && track.IsProtected),
            By = Platform,
            At = now,
        };
    }

    private string Why(RuleRecord record, bool promotes, bool asks)
    {
        var counts = string.Create(CultureInfo.InvariantCulture,
            $"{record.Right} of {record.Judged} judged firings were right, {record.Undecided} more are undecided: precision {record.Lower:0.00} to {record.Upper:0.00} (95 %), ");
        return counts + (promotes
            ? string.Create(CultureInfo.InvariantCulture, $"promoted from {options.PromoteAt:0.00} on")
            : string.Create(CultureInfo.InvariantCulture, $"demoted below {options.DemoteBelow:0.00}{(asks ? "; it may wake somebody for broken hardware, so a person decides" : "")}"));
    }
}
