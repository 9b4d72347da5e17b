namespace Observability.Collectors;

/// <summary>A node as Slurm sees it.</summary>
internal sealed record SlurmNode(string Name)
{
    /// <summary>Base state and flags in lower case: <c>idle</c>, <c>mixed</c>, <c>drain</c>, <c>not_responding</c>.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Why it is drained or down.</summary>
    public string Reason { get; init; } = "";

    public DateTimeOffset? Booted { get; init; }

    /// <summary>GPUs that it has.</summary>
    public int Gpus { get; init; }
}
