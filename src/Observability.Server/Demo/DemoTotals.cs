namespace Observability.Server;

/// <summary>The run in numbers.</summary>
public sealed record DemoTotals
{
    /// <summary>Faults injected.</summary>
    public required int Faults { get; init; }

    /// <summary>Faults found.</summary>
    public required int Found { get; init; }

    /// <summary>Faults whose entity was ranked first.</summary>
    public required int RootFirst { get; init; }

    /// <summary>Alert transitions to firing.</summary>
    public required long AlertsIn { get; init; }

    /// <summary>Incidents opened and not merged.</summary>
    public required long IncidentsOut { get; init; }

    /// <summary>Share of alerts folded away, in [0, 1].</summary>
    public required double Compression { get; init; }

    /// <summary>Faults that some incident speaks of and whose culprit none of its first three candidates is: what folding has hidden.</summary>
    public required int LostCauses { get; init; }

    /// <summary>Hardware verdicts that named a faulty entity, over all hardware verdicts.</summary>
    public required double Precision { get; init; }

    /// <summary>Faults found, over all faults.</summary>
    public required double Recall { get; init; }

    /// <summary>Cordons, by the cluster's own record, of nodes that had no fault to cordon for.</summary>
    public required int FalseCordons { get; init; }

    /// <summary>Faults missed.</summary>
    public required int MissedFaults { get; init; }

    /// <summary>Median and 99th percentile of seconds from first alert to verdict.</summary>
    public required Quantiles SymptomToVerdictSeconds { get; init; }

    /// <summary>Median and 99th percentile of seconds from first alert to the choice of a runbook.</summary>
    public required Quantiles SymptomToDecisionSeconds { get; init; }
}
