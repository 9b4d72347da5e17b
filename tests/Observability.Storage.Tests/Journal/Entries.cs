using System.Collections.Immutable;
using Observability.Model;
using Observability.Testing;

namespace Observability.Storage.Tests;

/// <summary>One entry of every type with every property filled, varied by a seed.</summary>
internal static class Entries
{
    private static readonly DateTimeOffset At = Fleets.Start.AddTicks(1234567);

    public static IReadOnlyList<JournalEntry> Of(int seed)
    {
        var random = new Random(seed);
        return
        [
            new EngineStarted(random.Next(), Text(random)),
            new AlertChanged(new AlertTransition(Alert(random), Any<AlertTransitionKind>(random), At)),
            new TopologyChanged(Fleets.Of(2, 2, ("llm", 0, 2)) with { Removed = [Id(random)] }),
            .. Commands(random).Select(command => new CommandAccepted(command)),
            new IncidentChanged(new IncidentChange(Incident(random), Any<IncidentChangeKind>(random), At, Text(random),
                new ScreenedAlert(new AlertTransition(Alert(random), AlertTransitionKind.Fired, At),
                    [new NoiseMark(Any<NoiseReason>(random), Text(random), Text(random))], random.NextDouble()))),
            new StandingChanged(new StandingChange
            {
                Rule = new RuleId(Any<AlertOrigin>(random), Text(random)), From = random.Next(2) == 0 ? null : Standing.Shadow, To = Any<Standing>(random),
                IsProposal = true, IsPinned = random.Next(2) == 0, Declared = Standing.Live, Record = new RuleRecord(random.Next(), 2, 3),
                Reason = Text(random), By = Text(random), At = At,
            }),
            new BudgetBurned(new BudgetBurn(Text(random), At, At.AddMinutes(1), double.NaN)),
            new BudgetCharged(new BudgetCharge(Text(random), Text(random), At, random.NextDouble(), double.PositiveInfinity)),
            new ExecutionChanged(Execution(random)),
            new StepIntended(Intent(random)),
            new StepCompleted(new StepOutcome(Intent(random), Any<StepResult>(random), Text(random), At)),
            new HoldChanged(new Hold
            {
                Id = Text(random), Target = Id(random), Cause = Text(random), Owner = Text(random),
                Since = At, ExpiresAt = At.AddHours(1), ReleasedAt = random.Next(2) == 0 ? null : At,
            }),
            new NotificationQueued(new Notification
            {
                Id = Text(random), Kind = Any<NotificationKind>(random), Incident = Incident(random), Execution = Execution(random), Question = Question(random), At = At,
            }),
            new QuestionAsked(Question(random)),
            new ModelTrained(new ModelTraining(Text(random), Text(random), random.Next(), Text(random), Text(random), new ModelFigures(random.Next(), 0.25, 0.5, 0.125, 0.0625, random.Next(2) == 0 ? null : 0.75, 0, 1), At)),
            new NotificationAttempted(new NotificationDelivery(Text(random), Text(random), random.Next(), true, false, Text(random), At)),
        ];
    }

    private static Question Question(Random random) => new()
    {
        Id = Text(random),
        IncidentId = Text(random),
        Fingerprint = (ulong)random.NextInt64(),
        AlertName = Text(random),
        Entity = random.Next(2) == 0 ? null : Id(random),
        Summary = Text(random),
        Probability = random.NextDouble(),
        Alike = random.Next(),
        FiredAt = At,
        AskedAt = At.AddMinutes(1),
    };

    private static Command[] Commands(Random random)
    {
        var silence = new Silence
        {
            Id = Text(random),
            StartsAt = At,
            EndsAt = At.AddHours(2),
            CreatedBy = Text(random),
            Comment = Text(random),
            Matchers = [new LabelMatcher("node", "node-.*", IsRegex: true), new LabelMatcher("job", "dcgm", IsEqual: false)],
        };
        var (actor, door) = (Text(random), Text(random));
        return
        [
            new AcknowledgeIncident(Text(random)) { Actor = actor, Door = door, At = At, Reason = Text(random) },
            new AssignIncident(Text(random), Text(random)) { Actor = actor, Door = door, At = At },
            new AnnotateIncident(Text(random), Text(random)) { Actor = actor, Door = door, At = At },
            new CreateSilence(silence) { Actor = actor, Door = door, At = At },
            new ExpireSilence(Text(random)) { Actor = actor, Door = door, At = At },
            new ApproveExecution(Text(random)) { Actor = actor, Door = door, At = At },
            new RejectExecution(Text(random)) { Actor = actor, Door = door, At = At },
            new AbortExecution(Text(random)) { Actor = actor, Door = door, At = At },
            new RunRunbook(Text(random), Text(random), random.Next(2) == 0) { Actor = actor, Door = door, At = At },
            new ReleaseHold(Text(random)) { Actor = actor, Door = door, At = At },
            new ExcludeFromBudget(new BudgetExclusion(Text(random), At, At.AddHours(1), actor, Text(random))) { Actor = actor, Door = door, At = At },
            new SetStanding(new RuleId(AlertOrigin.Detector, Text(random)), Standing.Live, random.Next(2) == 0) { Actor = actor, Door = door, At = At, Reason = Text(random) },
            new JudgeFiring(ulong.MaxValue, random.Next(2) == 0) { Actor = actor, Door = door, At = At },
            new AnswerQuestion(Text(random), Any<LabelAnswer>(random)) { Actor = actor, Door = door, At = At },
            new UseModel(Text(random)) { Actor = actor, Door = door, At = At },
            new RetrainModel { Actor = actor, Door = door, At = At },
            new GiveFeedback(Text(random), true, random.Next(2) == 0 ? null : Id(random)) { Actor = actor, Door = door, At = At },
        ];
    }

    private static Alert Alert(Random random) => new()
    {
        Labels = Labels(random),
        State = Any<AlertState>(random),
        StartsAt = At,
        UpdatedAt = At.AddSeconds(1),
        EndsAt = random.Next(2) == 0 ? null : At.AddMinutes(1),
        Annotations = Labels(random),
        Origin = Any<AlertOrigin>(random),
        GeneratorUrl = Text(random),
        Entity = random.Next(2) == 0 ? null : Id(random),
        Evidence = [Evidence(random), Evidence(random)],
    };

    private static Evidence Evidence(Random random) =>
        new(Any<EvidenceKind>(random), Text(random), Text(random), At) { Entity = Id(random), Value = random.NextDouble() };

    private static Incident Incident(Random random) => new()
    {
        Id = Text(random),
        State = Any<IncidentState>(random),
        StartedAt = At,
        OpenedAt = At,
        UpdatedAt = At,
        ResolvedAt = At,
        Title = Text(random),
        Severity = Text(random),
        AlertCount = random.Next(),
        FiringCount = random.Next(),
        Entities = [Id(random), Id(random)],
        EntityCount = 2,
        Jobs = [Id(random)],
        AcknowledgedBy = Text(random),
        Assignee = Text(random),
        MergedInto = Text(random),
        Notes = [new IncidentNote(At, Text(random), Text(random))],
        Verdict = new Verdict
        {
            IncidentId = Text(random),
            Revision = random.Next(),
            Kind = Any<VerdictKind>(random),
            FaultClass = Text(random),
            Entity = Id(random),
            Confidence = random.NextDouble(),
            DecidedAt = At,
            Summary = Text(random),
            Evidence = [Evidence(random)],
            Causes =
            [
                new RankedCause
                {
                    Entity = Id(random), FaultClass = Text(random), Score = random.NextDouble(), Probability = double.Epsilon,
                    Features = ImmutableSortedDictionary<string, double>.Empty.Add("onset", 0.1).Add("reach", random.NextDouble()),
                    Evidence = [Evidence(random)],
                },
            ],
        },
    };

    private static RunbookExecution Execution(Random random) => new()
    {
        Id = Text(random),
        IncidentId = Text(random),
        RunbookId = Text(random),
        Target = Id(random),
        Node = Id(random),
        Strategy = Any<Strategy>(random),
        State = Any<ExecutionState>(random),
        Reason = Text(random),
        CreatedAt = At,
        UpdatedAt = At,
        DecidedBy = Text(random),
        Steps =
        [
            new StepRecord(
                new RunbookStep
                {
                    Id = Text(random), Action = Text(random), Parameters = Labels(random), Timeout = TimeSpan.FromSeconds(random.Next()),
                    Attempts = random.Next(), Source = new SourceLine(Text(random), random.Next()),
                },
                Any<StepState>(random), 1, At, null, Text(random)),
        ],
    };

    private static StepIntent Intent(Random random) =>
        new(Text(random), Text(random), random.Next(), Text(random), Id(random), Labels(random), At) { Timeout = TimeSpan.FromTicks(random.NextInt64(long.MaxValue)) };

    private static EntityId Id(Random random) => new(Any<EntityKind>(random), $"x/{random.Next()}:y");

    private static LabelSet Labels(Random random) =>
        LabelSet.Of((AlertLabel.Name, Text(random)), ("label_é", Text(random)), ("b", $"\"{random.Next()}\"\n"));

    private static string Text(Random random) => $"text {random.Next():x} \u4e2d\ud83d\ude00 \u0001 \\ \" <&>";

    private static T Any<T>(Random random)
        where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
}
