using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Observability.Model;
using Observability.Testing;

namespace Observability.Storage.Tests;

public sealed class SqliteJournalTests : IDisposable
{
    private static readonly DateTimeOffset At = Fleets.Start;
    private readonly string _folder = Directory.CreateTempSubdirectory("journal").FullName;

    private string File => Path.Combine(_folder, "journal.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Append_EntriesOfEveryKind_AreReadBackAsWritten()
    {
        var entries = Entries();
        await using (var journal = Open())
            await journal.AppendAsync(entries, At, CancellationToken.None);

        await using var again = Open();
        var read = await ReadAllAsync(again);

        Assert.Equal(entries.Select(Json), read.Select(record => Json(record.Entry)));
        Assert.Equal(Enumerable.Range(1, entries.Length).Select(number => (long)number), read.Select(record => record.Sequence));
        Assert.All(read, record => Assert.Equal((1L, At), (record.Epoch, record.At)));
    }

    [Fact]
    public async Task Append_AfterALaterEpochBegan_IsFenced()
    {
        await using var first = Open();
        await using var second = Open();

        var fault = await Assert.ThrowsAsync<JournalFencedException>(
            async () => await first.AppendAsync([new EngineStarted(1, "1")], At, CancellationToken.None));

        Assert.Equal((1L, 2L), (fault.Mine, fault.Current));
        Assert.Empty(await ReadAllAsync(second));
    }

    [Fact]
    public async Task Read_DamagedRecord_IsSkippedAndTheRestIsRead()
    {
        await using (var journal = Open())
            await journal.AppendAsync([new EngineStarted(1, "a"), new EngineStarted(1, "b"), new EngineStarted(1, "c")], At, CancellationToken.None);
        using (var raw = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            raw.Open();
            using var command = raw.CreateCommand();
            command.CommandText = "UPDATE journal SET body = X'7b7d' WHERE sequence = 2";
            command.ExecuteNonQuery();
        }

        await using var again = Open();

        Assert.Equal([1L, 3L], (await ReadAllAsync(again)).Select(record => record.Sequence));
    }

    [Fact]
    public async Task Read_AfterASequence_GivesOnlyWhatCameLater()
    {
        await using var journal = Open();
        for (var i = 0; i < 2_500; i++)
            await journal.AppendAsync([new EngineStarted(i, "x")], At, CancellationToken.None);

        var read = new List<long>();
        await foreach (var record in journal.ReadAsync(2_000, CancellationToken.None))
            read.Add(((EngineStarted)record.Entry).Epoch);

        Assert.Equal(Enumerable.Range(2_000, 500).Select(number => (long)number), read);
    }

    private SqliteJournal Open() => SqliteJournal.Open(File, NullLogger.Instance);

    private static string Json(JournalEntry entry) => System.Text.Encoding.UTF8.GetString(JournalJson.Write(entry));

    private static async Task<List<JournalRecord>> ReadAllAsync(SqliteJournal journal)
    {
        var records = new List<JournalRecord>();
        await foreach (var record in journal.ReadAsync(0, CancellationToken.None))
            records.Add(record);
        return records;
    }

    private static JournalEntry[] Entries()
    {
        var gpu = Fleets.Gpu(1, 2);
        var alert = new Alert
        {
            Labels = LabelSet.Of(("alertname", "GpuXid"), ("UUID", gpu.Name)),
            State = AlertState.Firing,
            StartsAt = At,
            UpdatedAt = At,
            Entity = gpu,
            Origin = AlertOrigin.Event,
            Evidence = [new Evidence(EvidenceKind.LogLine, "XID 79", "NVRM: Xid …", At) { Entity = gpu, Value = 79 }],
        };
        var transition = new AlertTransition(alert, AlertTransitionKind.Fired, At);
        var verdict = new Verdict
        {
            IncidentId = "INC-000001",
            Revision = 1,
            Kind = VerdictKind.Hardware,
            FaultClass = FaultClass.GpuOffBus,
            Entity = gpu,
            Confidence = 0.97,
            DecidedAt = At,
            Summary = "gpu2 fell off the bus",
            Causes = [new RankedCause { Entity = gpu, FaultClass = FaultClass.GpuOffBus, Score = 3.5, Probability = 0.97 }],
        };
        var incident = new Incident
        {
            Id = "INC-000001",
            State = IncidentState.Open,
            StartedAt = At,
            OpenedAt = At,
            UpdatedAt = At,
            Title = "t",
            Severity = "critical",
            Entities = [gpu],
            Verdict = verdict,
        };
        var intent = new StepIntent("INC-000001/gpu-off-bus/1", "cordon", 1, "kubernetes.cordon", gpu, LabelSet.Of(("node", "node-001")), At);
        var execution = new RunbookExecution
        {
            Id = intent.ExecutionId,
            IncidentId = incident.Id,
            RunbookId = "gpu-off-bus",
            Target = gpu,
            Strategy = Strategy.Act,
            State = ExecutionState.Running,
            Reason = "r",
            CreatedAt = At,
            UpdatedAt = At,
        };
        var silence = new Silence { Id = "s", Matchers = [new LabelMatcher("node", "n.*", true)], StartsAt = At, EndsAt = At.AddHours(1), CreatedBy = "a", Comment = "c" };
        return
        [
            new EngineStarted(1, "0.1"),
            new AlertChanged(transition),
            new TopologyChanged(Fleets.Of(1, 1, ("llm", 0, 1))),
            new CommandAccepted(new CreateSilence(silence) { Actor = "a", Door = "rest", At = At }),
            new CommandAccepted(new GiveFeedback("INC-000001", false, gpu) { Actor = "a", Door = "rest", At = At, Reason = "why" }),
            new IncidentChanged(new IncidentChange(incident, IncidentChangeKind.VerdictReached, At, "r", new ScreenedAlert(transition, [new NoiseMark(NoiseReason.Inhibited, "x", "y")], 0.4))),
            new BudgetBurned(new BudgetBurn("goodput", At, At.AddMinutes(1), 0.001)),
            new BudgetCharged(new BudgetCharge("goodput", "INC-000001", At, 0.01, 12.5)),
            new ExecutionChanged(execution),
            new StepIntended(intent),
            new StepCompleted(new StepOutcome(intent, StepResult.Succeeded, "cordoned", At)),
            new HoldChanged(new Hold { Id = "h", Target = new EntityId(EntityKind.Node, "node-001"), Cause = "c", Owner = "o", Since = At, ExpiresAt = At.AddHours(1) }),
            new NotificationQueued(new Notification { Id = "INC-000001/firing/1", Kind = NotificationKind.Firing, Incident = incident, At = At }),
            new NotificationAttempted(new NotificationDelivery("INC-000001/firing/1", "slack", 1, true, false, "ok", At)),
        ];
    }
}
