using System.Globalization;
using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Standings;

/// <summary>Writes the past that standings and noise reports are worked out from, entry by entry, as the pipeline would journal it.</summary>
internal sealed class Past
{
    private readonly Dictionary<string, Incident> _incidents = new(StringComparer.Ordinal);
    private int _sequence;

    public Past(StandingOptions? options = null)
    {
        Options = options ?? new StandingOptions();
        Stage = new Incidents.Standings(Options, Fleets.View(4, 8, ("llm", 0, 2)));
    }

    public StandingOptions Options { get; }

    public Incidents.Standings Stage { get; }

    public FiringLedger Ledger => Stage.Ledger;

    public DateTimeOffset Now { get; private set; } = Make.At(0);

    /// <summary>What was decided and not begun.</summary>
    public List<StandingChange> Decided { get; } = [];

    /// <summary>Every entry, for reading it back.</summary>
    public List<(JournalEntry Entry, DateTimeOffset At)> Entries { get; } = [];

    public Past Wait(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <summary>Lets the platform look at what is due, and journals what it decides.</summary>
    public Past Look()
    {
        foreach (var change in Stage.Due(Now))
        {
            Decided.Add(change);
            Write(new StandingChanged(change));
        }

        return this;
    }

    /// <summary>An alert fires; true where it is in shadow.</summary>
    public bool Fire(Alert alert)
    {
        var fired = new AlertTransition(alert with { StartsAt = Now, UpdatedAt = Now }, AlertTransitionKind.Fired, Now);
        if (Stage.Begin(fired) is { } begun)
            Write(new StandingChanged(begun));
        Write(new AlertChanged(fired));
        return Assert.Single(Stage.Process(new ScreenedAlert(fired, []), Now)).IsShadow;
    }

    public Past End(Alert alert)
    {
        Write(new AlertChanged(new AlertTransition(alert with { State = AlertState.Resolved, EndsAt = Now }, AlertTransitionKind.Resolved, Now)));
        return this;
    }

    /// <summary>An incident opens, with alerts that fire; the first opens it.</summary>
    public string Open(params Alert[] alerts)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"INC-{++_sequence:000000}");
        _incidents[id] = new Incident
        {
            Id = id,
            State = IncidentState.Open,
            StartedAt = Now,
            OpenedAt = Now,
            UpdatedAt = Now,
            Title = "",
            Severity = "warning",
            Entities = [.. alerts.Select(alert => alert.Entity).OfType<EntityId>()],
            Jobs = [.. alerts.Select(alert => alert.Entity).OfType<EntityId>().Where(entity => entity.Kind == EntityKind.Job)],
        };
        foreach (var (number, alert) in alerts.Index())
            Join(id, alert, number == 0 ? IncidentChangeKind.Opened : IncidentChangeKind.AlertJoined);
        return id;
    }

    public Past Join(string id, Alert alert, IncidentChangeKind kind = IncidentChangeKind.AlertJoined, params NoiseMark[] marks)
    {
        var isShadow = Fire(alert);
        return Change(id, kind, new ScreenedAlert(new AlertTransition(alert, AlertTransitionKind.Fired, Now), [.. marks]) { IsShadow = isShadow });
    }

    /// <summary>Moves an alert that fires already.</summary>
    public Past Move(string to, Alert alert) => Change(to, IncidentChangeKind.AlertJoined, new ScreenedAlert(new AlertTransition(alert, AlertTransitionKind.Fired, Now), []));

    public Past Merge(string from, string into)
    {
        _incidents[from] = _incidents[from] with { State = IncidentState.Merged, MergedInto = into };
        return Change(from, IncidentChangeKind.Merged, null);
    }

    public Past Resolve(string id, bool isMuted = false)
    {
        var mute = isMuted ? new IncidentMute("s-1", "silenced by ana: known", Now, null) : null;
        _incidents[id] = _incidents[id] with { State = IncidentState.Resolved, ResolvedAt = Now, Mute = mute };
        return Change(id, IncidentChangeKind.Resolved, null);
    }

    public Past Acknowledge(string id)
    {
        Write(new CommandAccepted(new AcknowledgeIncident(id) { Actor = "ana", Door = "rest", At = Now }));
        _incidents[id] = _incidents[id] with { AcknowledgedBy = "ana" };
        return Change(id, IncidentChangeKind.Acknowledged, null);
    }

    public Past Say(string id, bool useful)
    {
        Write(new CommandAccepted(new GiveFeedback(id, useful, null) { Actor = "ana", Door = "rest", At = Now }));
        return this;
    }

    public Past Judge(Alert alert, bool right)
    {
        Write(new CommandAccepted(new JudgeFiring(alert.Fingerprint, right) { Actor = "ana", Door = "rest", At = Now }));
        return this;
    }

    /// <summary>The platform asks about an alert and a person answers.</summary>
    public Past Answer(Alert alert, LabelAnswer answer)
    {
        Write(new QuestionAsked(new Question
        {
            Id = "Q-1",
            IncidentId = "INC-000001",
            Fingerprint = alert.Fingerprint,
            AlertName = alert.Name,
            Summary = "",
            Probability = 0.5,
            Alike = 1,
            FiredAt = Now,
            AskedAt = Now,
        }));
        return Command(new AnswerQuestion("Q-1", answer) { Actor = "ana", Door = "rest", At = Now });
    }

    public Past Command(Command command)
    {
        Write(new CommandAccepted(command));
        return this;
    }

    public Past Set(RuleId rule, Standing to, bool pin = false)
    {
        var command = new SetStanding(rule, to, pin) { Actor = "ana", Door = "rest", At = Now, Reason = "I know it" };
        Write(new CommandAccepted(command));
        Write(new StandingChanged(Stage.On(command)!));
        return this;
    }

    public Past Run(string id, Strategy strategy, ExecutionState state)
    {
        Write(new ExecutionChanged(new RunbookExecution
        {
            Id = id + "/gpu/1",
            IncidentId = id,
            RunbookId = "gpu",
            Target = Fleets.Gpu(0, 0),
            Strategy = strategy,
            State = state,
            Reason = "",
            CreatedAt = Now,
            UpdatedAt = Now,
        }));
        return this;
    }

    public Past Page(string id)
    {
        Write(new NotificationQueued(new Notification { Id = id + "/Firing/1", Kind = NotificationKind.Firing, Incident = _incidents[id], At = Now }));
        return this;
    }

    /// <summary>So many incidents of one alert, an hour apart, each with a person's word on it.</summary>
    public Past Times(int count, Alert alert, bool useful)
    {
        for (var i = 0; i < count; i++)
        {
            Wait(TimeSpan.FromHours(1));
            var id = Open(alert);
            Wait(TimeSpan.FromMinutes(10)).End(alert).Resolve(id).Say(id, useful);
        }

        return this;
    }

    public Standing? StandingOf(Alert alert) => Ledger.Find(RuleId.Of(alert))?.Standing?.Standing;

    public RuleRecord RecordOf(Alert alert) => Ledger.RecordOf(Ledger.Find(RuleId.Of(alert))!, Now);

    private Past Change(string id, IncidentChangeKind kind, ScreenedAlert? alert)
    {
        Write(new IncidentChanged(new IncidentChange(_incidents[id], kind, Now, "", alert)));
        return this;
    }

    private void Write(JournalEntry entry)
    {
        Entries.Add((entry, Now));
        Stage.Observe(entry, Now);
    }
}
