namespace Observability.Incidents;

/// <summary>The candidates of an incident whose cause is known.</summary>
/// <param name="Candidates">Features of each candidate.</param>
/// <param name="TrueIndex">Which of them is the cause; null where none is.</param>
public sealed record LabelledIncident(IReadOnlyList<CauseFeatures> Candidates, int? TrueIndex)
{
    /// <summary>The fault that it is about; empty where there is only noise.</summary>
    public string FaultClass { get; init; } = "";

    internal IEnumerable<CauseFeatures> Rows(uint group) => Candidates.Select((candidate, i) =>
        new CauseFeatures { Values = candidate.Values, Group = group, Label = i == TrueIndex ? 1u : 0u });

    internal IReadOnlyList<double> Scores(CauseModel model) => [.. Candidates.Select(model.Score)];
}
