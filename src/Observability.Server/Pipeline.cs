using Observability.Model;
using Observability.Response;

namespace Observability.Server;

/// <summary>The order of everything right of the hinge, on one screen.</summary>
public sealed class Pipeline
{
    private static readonly TimeSpan GraceAfterRestart = TimeSpan.FromMinutes(5);

    private readonly PipelineStages _stages;
    private readonly Flow<AlertTransition, ResponseChange> _flow;
    private readonly List<JournalEntry> _derived = [];

    /// <summary>Joins the stages.</summary>
    public Pipeline(PipelineStages stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        _stages = stages;
        _flow = FlowStart.From<AlertTransition>()
            .Through(stages.DampFlapping)
            .Through(stages.Standings)
            .Through(stages.Silence)
            .Through(stages.Inhibit)
            .Through(stages.ScoreNoise)
            .Through(stages.Correlate)
            .Through(stages.RankCauses)
            .Through(stages.ChargeBudget)
            .Through(stages.Mute)
            .Record(change =>
            {
                _derived.Add(new IncidentChanged(change));
                // What people say of an incident is about its alerts, and only the end of the flow knows which those are.
                stages.ScoreNoise.Memory.Follow(change);
            })
            .Through(stages.ChooseRunbook)
            .Through(stages.Guard)
            .Through(stages.Execute)
            .Record(change => _derived.Add(change.ToEntry()));
    }

    /// <summary>What an input adds to the journal; nothing where it is no news.</summary>
    public IEnumerable<JournalEntry> Admit(PipelineInput input, DateTimeOffset now) => input switch
    {
        PipelineInput.Alerted alerted => _stages.Deduplicate.Process(alerted.Alert, now).SelectMany(Admit),
        PipelineInput.Commanded commanded => _stages.Standings.On(commanded.Command) is { } change
            ? [new CommandAccepted(commanded.Command), new StandingChanged(change)]
            : [new CommandAccepted(commanded.Command)],
        PipelineInput.Completed completed => [new StepCompleted(completed.Outcome)],
        PipelineInput.Burned burned => [new BudgetBurned(burned.Burn)],
        PipelineInput.Asked asked => [new QuestionAsked(asked.Question)],
        PipelineInput.Trained trained => [new ModelTrained(trained.Training)],
        PipelineInput.Attempted attempted => [new NotificationAttempted(attempted.Delivery)],
        _ => [],
    };

    /// <summary>A change of an alert, after where its rule begins where that is news.</summary>
    public IEnumerable<JournalEntry> Admit(AlertTransition transition) => _stages.Standings.Begin(transition) is { } begun
        ? [new StandingChanged(begun), new AlertChanged(transition)]
        : [new AlertChanged(transition)];

    /// <summary>What time decides and the journal must know of first: alerts whose sender has fallen silent, rules that have proved themselves or not.</summary>
    public IEnumerable<JournalEntry> Expire(DateTimeOffset now) =>
    [
        .. _stages.Deduplicate.Advance(now).Select(transition => new AlertChanged(transition)),
        .. _stages.Standings.Due(now).Select(change => new StandingChanged(change)),
    ];

    /// <summary>What follows from time.</summary>
    public IReadOnlyList<JournalEntry> Advance(DateTimeOffset now) => Noted(Derive(_flow.Advance(now)), now);

    /// <summary>What follows from a journaled input; nothing follows from a derived entry.</summary>
    public IReadOnlyList<JournalEntry> Process(JournalEntry entry, DateTimeOffset now)
    {
        // What is derived is noted where it is derived; read back it would be noted twice.
        if (!IsDerived(entry))
            _stages.Standings.Observe(entry, now);
        return Noted(DeriveFrom(entry, now), now);
    }

    /// <summary>Tells what sits upstream of the journal of an input that is read back.</summary>
    public void Restore(JournalEntry entry)
    {
        if (entry is AlertChanged changed)
            _stages.Deduplicate.Restore(changed.Transition, GraceAfterRestart);
    }

    /// <summary>True for entries that the stages derive.</summary>
    public static bool IsDerived(JournalEntry entry) =>
        entry is IncidentChanged or BudgetCharged or ExecutionChanged or StepIntended or HoldChanged or NotificationQueued;

    private IReadOnlyList<JournalEntry> DeriveFrom(JournalEntry entry, DateTimeOffset now) => entry switch
    {
        AlertChanged changed => Derive(_flow.Process(changed.Transition, now)),
        CommandAccepted accepted => Derive(_flow.Accept(accepted.Command, now)),
        TopologyChanged changed => Reshape(changed.Change),
        StepCompleted completed => Derive(_stages.Execute.Complete(completed.Outcome, now), record: true),
        QuestionAsked asked => Ask(asked.Question, now),
        ModelTrained trained => Learn(trained.Training),
        BudgetBurned burned => [.. _stages.ChargeBudget.Charge(burned.Burn, now).Select(charge => new BudgetCharged(charge))],
        _ => [],
    };

    private IReadOnlyList<JournalEntry> Noted(IReadOnlyList<JournalEntry> derived, DateTimeOffset now)
    {
        foreach (var entry in derived)
            _stages.Standings.Observe(entry, now);
        return derived;
    }

    private IReadOnlyList<JournalEntry> Reshape(TopologyChange change)
    {
        _stages.Topology.Apply(change);
        return [];
    }

    private IReadOnlyList<JournalEntry> Ask(Question question, DateTimeOffset now)
    {
        _stages.ScoreNoise.Memory.Ask(question);
        return _stages.ScoreNoise.Memory.IncidentOf(question.IncidentId) is { Mute: null } incident && _stages.AsksInChat
            ? [new NotificationQueued(new Notification { Id = $"{incident.Id}/{NotificationKind.Question}/{question.Id}", Kind = NotificationKind.Question, Incident = incident, Question = question, At = now })]
            : [];
    }

    private IReadOnlyList<JournalEntry> Learn(ModelTraining training)
    {
        _stages.ScoreNoise.Memory.Train(training);
        return [];
    }

    private JournalEntry[] Derive(IEnumerable<ResponseChange> changes, bool record = false)
    {
        _derived.Clear();
        foreach (var change in changes)
        {
            if (record)
                _derived.Add(change.ToEntry());
            // The guard counts who is out of service, which only the end of the flow knows.
            if (change.Hold is { } hold)
                _stages.Guard.Observe(hold);
        }

        return [.. _derived];
    }
}
