using Observability.Model;

namespace Observability.Incidents;

/// <summary>
/// Remembers what fired and what became of it, from journal entries alone. It is the measure that rules are promoted and demoted by and what the
/// noise report is made of. Bounded: the latest firings and incidents stay. One thread writes; <see cref="Report"/> may be asked from any.
/// </summary>
public sealed class FiringLedger
{
    // A few are asked in a day; what nobody answered for weeks is not answered any more.
    private const int MostQuestions = 1_000;

    private readonly StandingOptions _options;
    private readonly TopologyView _topology;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<RuleId, RuleTrack> _rules = [];
    private readonly Queue<Firing> _firings = new();
    private readonly Dictionary<ulong, Firing> _latest = [];
    private readonly Dictionary<string, Firing> _asked = new(StringComparer.Ordinal);
    private readonly Queue<string> _questions = new();
    private readonly IncidentTracks _incidents;
    private readonly NoiseCounts _counts = new();

    /// <summary>An empty ledger that looks places up in <paramref name="topology"/>.</summary>
    public FiringLedger(StandingOptions options, TopologyView topology)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _topology) = (options, topology);
        _incidents = new IncidentTracks(options, topology);
    }

    /// <summary>Rules that have fired or have been given a standing, by name.</summary>
    internal IReadOnlyCollection<RuleTrack> Rules => _rules.Values;

    /// <summary>Firings that are remembered.</summary>
    internal int Remembered => _firings.Count;

    /// <summary>Takes an entry of the journal in; what says nothing of firings is passed over.</summary>
    public void Observe(JournalEntry entry, DateTimeOffset at)
    {
        lock (_gate)
        {
            _counts.Saw(at);
            switch (entry)
            {
                case AlertChanged { Transition: { Kind: AlertTransitionKind.Fired } fired }:
                    Begin(fired);
                    break;
                case AlertChanged { Transition: { } ended }:
                    if (_latest.TryGetValue(ended.Alert.Fingerprint, out var firing))
                        firing.EndsAt ??= ended.Alert.EndsAt ?? ended.At;
                    break;
                case IncidentChanged { Change: { } change }:
                    OnIncident(change);
                    break;
                case CommandAccepted { Command: { } command }:
                    OnCommand(command);
                    break;
                case ExecutionChanged { Execution: { } execution }:
                    _incidents.OnExecution(execution);
                    break;
                case NotificationQueued { Notification: { Kind: NotificationKind.Firing } page }:
                    _counts.Pages++;
                    _incidents.OnPage(page.Incident.Id);
                    break;
                case QuestionAsked { Question: { } question } when _latest.TryGetValue(question.Fingerprint, out var asked):
                    Ask(question.Id, asked);
                    break;
                case StandingChanged { Change: { } standing }:
                    Stand(standing);
                    break;
            }
        }
    }

    /// <summary>The noise report of this moment; thread-safe.</summary>
    public NoiseReport Report(DateTimeOffset now)
    {
        NoiseFacts facts;
        lock (_gate)
        {
            // Judged as far as is known now: a suggestion must not wait for a day to learn that a firing was right.
            foreach (var firing in _firings)
                _incidents.Judge(firing, now);
            facts = NoiseFacts.Of(_counts, [.. _rules.Values.Select(rule => (rule, RecordOf(rule, now)))], _firings, (now, _incidents.SomebodyIsThere));
        }

        return NoiseReports.Of(facts);
    }

    /// <summary>The rule's track; null where it has not been seen.</summary>
    internal RuleTrack? Find(RuleId rule) => _rules.GetValueOrDefault(rule);

    /// <summary>True where the latest firing of an alert is still remembered.</summary>
    internal bool Knows(ulong fingerprint) => _latest.ContainsKey(fingerprint);

    /// <summary>What became of the rule's latest firings that are old enough.</summary>
    internal RuleRecord RecordOf(RuleTrack rule, DateTimeOffset now)
    {
        int right = 0, wrong = 0, undecided = 0;
        foreach (var firing in rule.Window)
        {
            if (firing.At + _options.Settle > now || firing.At < rule.Since)
                continue;
            switch (_incidents.Judge(firing, now))
            {
                case FiringOutcome.Right:
                    right++;
                    break;
                case FiringOutcome.Wrong:
                    wrong++;
                    break;
                default:
                    undecided++;
                    break;
            }
        }

        return new RuleRecord(right, wrong, undecided);
    }

    private void Begin(AlertTransition fired)
    {
        var alert = fired.Alert;
        // A change claims nothing that could be right or wrong.
        if (alert.IsChange)
            return;
        _counts.AlertsIn++;
        if (TrackOf(RuleId.Of(alert)) is not { } track)
            return;
        track.Note(alert);
        track.Fired++;
        track.InShadow += track.IsShadow ? 1 : 0;
        // Everything but a remark joins or opens an incident, so only remarks have to be looked for beside incidents.
        var isRemark = track.IsShadow || alert.Labels[AlertLabel.Severity] == "info";
        var firing = new Firing
        {
            Track = track,
            Fingerprint = alert.Fingerprint,
            Entity = alert.Entity,
            Places = isRemark && alert.Entity is { } entity ? IncidentTracks.PlacesOf(entity, _topology.Current) : [],
            Jobs = isRemark && alert.Entity is { } needed ? [.. _topology.Current.JobsOn(needed)] : [],
            StartsAt = alert.StartsAt,
            At = fired.At,
            IsShadow = track.IsShadow,
        };
        _latest[firing.Fingerprint] = firing;
        _firings.Enqueue(firing);
        track.Window.Enqueue(firing);
        if (track.Window.Count > _options.Window)
            track.Window.Dequeue();
        if (_firings.Count <= _options.MaximumFirings)
            return;
        var oldest = _firings.Dequeue();
        if (_latest.TryGetValue(oldest.Fingerprint, out var latest) && latest == oldest)
            _latest.Remove(oldest.Fingerprint);
    }

    private void OnIncident(IncidentChange change)
    {
        if (change.Kind == IncidentChangeKind.Opened)
            _counts.IncidentsOut++;
        else if (change.Kind == IncidentChangeKind.Merged)
            _counts.IncidentsOut--;
        var incident = _incidents.On(change);
        if (change is not { Alert: { } joined, Kind: IncidentChangeKind.Opened or IncidentChangeKind.AlertJoined } || !_latest.TryGetValue(joined.Alert.Fingerprint, out var firing))
            return;
        // An alert that only moves from one incident to another has been counted.
        if (firing.Incident is null)
        {
            firing.Marks = [.. joined.Marks.Select(mark => mark.Reason)];
            foreach (var reason in firing.Marks)
            {
                NoiseCounts.Reduce(_counts.Reductions, reason);
                NoiseCounts.Reduce(firing.Track.Reductions, reason);
            }
        }

        firing.Incident = incident;
        IncidentTracks.Join(incident, firing);
    }

    private void OnCommand(Command command)
    {
        _incidents.OnCommand(command);
        if (command is JudgeFiring judge && _latest.TryGetValue(judge.Fingerprint, out var firing))
            firing.Told = judge.WasRight;
        // A rule whose alerts are not worth waking someone belongs in shadow, whatever else is wrong; who cannot tell has said nothing.
        else if (command is AnswerQuestion answer && _asked.TryGetValue(answer.QuestionId, out var asked))
        {
            asked.Told = answer.Answer switch { LabelAnswer.Yes => true, LabelAnswer.No => false, _ => null };
            if (asked.Incident is { } incident)
                IncidentTracks.Act(incident);
        }
    }

    private void Ask(string id, Firing firing)
    {
        _asked[id] = firing;
        _questions.Enqueue(id);
        if (_questions.Count > MostQuestions)
            _asked.Remove(_questions.Dequeue());
    }

    private void Stand(StandingChange change)
    {
        if (TrackOf(change.Rule) is not { } track)
            return;
        track.Standing = RuleStanding.After(track.Standing, change);
        if (change.By != Standings.Platform && !change.IsProposal)
            track.Since = change.At;
    }

    private RuleTrack? TrackOf(RuleId id)
    {
        if (_rules.TryGetValue(id, out var track))
            return track;
        if (_rules.Count >= _options.MaximumRules)
        {
            IncidentsMetrics.RulesRefused.Add(1);
            return null;
        }

        return _rules[id] = new RuleTrack(id);
    }
}
