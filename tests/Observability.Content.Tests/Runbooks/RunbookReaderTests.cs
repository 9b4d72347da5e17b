using Observability.Model;

namespace Observability.Content.Tests;

public sealed class RunbookReaderTests
{
    [Fact]
    public void Runbook_WithEverything_IsReadWithLines()
    {
        var read = RunbookReader.Read(
            new ContentFile("runbooks/gpu-off-bus.md",
                """
                ---
                triggers:
                  fault_classes: [gpu_off_bus]
                  minimum_confidence: 0.9
                  entity_kinds: [gpu]
                maximum_strategy: act
                risk: medium
                preconditions:
                  - name: the node answers
                    expr: up{node="{{ node }}"} == 1
                steps:
                  - id: cordon
                    action: kubernetes.cordon
                    with: {reason: off the bus, grace: 30}
                    timeout: 30s
                    attempts: 5
                verification:
                  - {name: all GPUs answer, expr: 'count(DCGM_FI_DEV_GPU_TEMP) == 8'}
                soak: 10m
                return:
                  - {id: uncordon, action: kubernetes.uncordon}
                rollback:
                  - {id: release, action: kubernetes.uncordon}
                escalation: gpu-oncall
                hold_expiry: 12h
                ---

                # GPU has fallen off the bus

                Read this first.
                """),
            new HashSet<string> { "kubernetes.cordon", "kubernetes.uncordon" });

        Assert.Equal([], read.Findings);
        var book = read.Value!;
        const string file = "runbooks/gpu-off-bus.md";
        Assert.Equal(
            ("gpu-off-bus", "GPU has fallen off the bus", Strategy.Act, "medium", TimeSpan.FromMinutes(10), "gpu-oncall", TimeSpan.FromHours(12)),
            (book.Id, book.Title, book.MaximumStrategy, book.Risk, book.Soak, book.Escalation, book.HoldExpiry));
        Assert.Equal("# GPU has fallen off the bus\n\nRead this first.", book.Body);
        Assert.Equal([FaultClass.GpuOffBus], book.Trigger.FaultClasses);
        Assert.Equal((0.9, EntityKind.Gpu), (book.Trigger.MinimumConfidence, Assert.Single(book.Trigger.EntityKinds)));
        Assert.Equal([new RunbookCheck("the node answers", "up{node=\"{{ node }}\"} == 1", new SourceLine(file, 9))], book.Preconditions);
        Assert.Equal([new RunbookCheck("all GPUs answer", "count(DCGM_FI_DEV_GPU_TEMP) == 8", new SourceLine(file, 18))], book.Verification);
        Assert.Equal(
            [
                new RunbookStep
                {
                    Id = "cordon",
                    Action = "kubernetes.cordon",
                    Parameters = LabelSet.Of(("reason", "off the bus"), ("grace", "30")),
                    Timeout = TimeSpan.FromSeconds(30),
                    Attempts = 5,
                    Source = new SourceLine(file, 12),
                },
            ],
            book.Steps);
        Assert.Equal([new RunbookStep { Id = "uncordon", Action = "kubernetes.uncordon", Source = new SourceLine(file, 21) }], book.Return);
        Assert.Equal([new RunbookStep { Id = "release", Action = "kubernetes.uncordon", Source = new SourceLine(file, 23) }], book.Rollback);
    }
}
