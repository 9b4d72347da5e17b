using Observability.Model;

namespace Observability.Server.Tests.Views;

/// <summary>What readers see of the journal.</summary>
public sealed class SnapshotFoldTests
{
    private const string IncidentId = "INC-000001";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EntityId Node = new(EntityKind.Node, "node-001");

    private readonly SnapshotFold _fold = new(new SnapshotOptions());
    private PlatformSnapshot _snapshot = PlatformSnapshot.Empty(Start);

    [Fact]
    public void ACheckThatMustHold_IsToldOnceAndWhenItSaysSomethingElse()
    {
        Tell(new IncidentChanged(new IncidentChange(
            new Incident { Id = IncidentId, State = IncidentState.Open, StartedAt = Start, OpenedAt = Start, UpdatedAt = Start, Title = "slow nic", Severity = "warning" },
            IncidentChangeKind.Opened, Start, "opened")));
        Tell(new ExecutionChanged(new RunbookExecution
        {
            Id = $"{IncidentId}/slow-nic/1",
            IncidentId = IncidentId,
            RunbookId = "slow-nic",
            Target = Node,
            Node = Node,
            Strategy = Strategy.Act,
            State = ExecutionState.Verifying,
            Reason = "checks",
            CreatedAt = Start,
            UpdatedAt = Start,
            Steps = [],
        }));
        Ask("verify", 1, StepResult.Succeeded, "both hold");
        Ask("verify", 2, StepResult.Succeeded, "both hold");
        Ask("verify", 3, StepResult.NotYet, "one does not");
        Ask("verify", 4, StepResult.Failed, "no answer");
        Ask("verify", 5, StepResult.Succeeded, "both hold");
        Ask("kubernetes.evict", 1, StepResult.Failed, "no answer");
        Ask("kubernetes.evict", 2, StepResult.Failed, "no answer");

        Assert.Equal(
            [
                "slow-nic: Verifying — checks",
                "verify on node:node-001, attempt 1", "verify: Succeeded — both hold", "verify: Failed — no answer", "verify: Succeeded — both hold",
                "kubernetes.evict on node:node-001, attempt 1", "kubernetes.evict: Failed — no answer", "kubernetes.evict on node:node-001, attempt 2", "kubernetes.evict: Failed — no answer",
            ],
            _snapshot.Incidents[IncidentId].Timeline.Where(line => line.Kind == TimelineKind.Action).Select(line => line.Text));
    }

    private void Ask(string action, int attempt, StepResult result, string detail)
    {
        var intent = new StepIntent($"{IncidentId}/slow-nic/1", action, attempt, action, Node, LabelSet.Empty, Start);
        Tell(new StepIntended(intent));
        Tell(new StepCompleted(new StepOutcome(intent, result, detail, Start)));
    }

    private void Tell(JournalEntry entry) => _snapshot = _fold.Apply(_snapshot, new JournalRecord(_snapshot.Version + 1, 1, Start, entry));
}
