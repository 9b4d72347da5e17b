using Observability.Model;

namespace Observability.Content.Tests;

public sealed class FaultCatalogueReaderTests
{
    [Fact]
    public void Catalogue_OfTwoFiles_IsOneListWithDefaults()
    {
        var read = FaultCatalogueReader.Read(
            [
                new ContentFile("a.yaml",
                    """
                    faults:
                      - code: xid:79
                        meaning: GPU has fallen off the bus
                        class: gpu_off_bus
                        role: cause
                        severity: critical
                        action: drain
                        hold: 30m
                        count: 2
                        window: 12h
                        reference: catalogue
                    """),
                new ContentFile("b.yaml", "faults:\n- {code: 'nccl:*', meaning: m, class: unknown, role: symptom, severity: none, reference: r}\n"),
            ]);

        Assert.Empty(read.Findings);
        Assert.Equal(
            [
                new FaultCatalogueRow
                {
                    Code = "xid:79",
                    Meaning = "GPU has fallen off the bus",
                    FaultClass = FaultClass.GpuOffBus,
                    Role = "cause",
                    Severity = "critical",
                    Action = "drain",
                    Hold = TimeSpan.FromMinutes(30),
                    Count = 2,
                    Window = TimeSpan.FromHours(12),
                    Reference = "catalogue",
                    Source = new SourceLine("a.yaml", 2),
                },
                new FaultCatalogueRow
                {
                    Code = "nccl:*",
                    Meaning = "m",
                    FaultClass = FaultClass.Unknown,
                    Role = "symptom",
                    Severity = "none",
                    Action = "none",
                    Reference = "r",
                    Source = new SourceLine("b.yaml", 2),
                },
            ],
            read.Value);
    }
}
