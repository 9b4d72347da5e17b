namespace Observability.Collectors;

/// <summary>A job of Slurm.</summary>
internal sealed record SlurmJob(long Id, string Name)
{
    /// <summary>State and flags in lower case: <c>running</c>, <c>node_fail</c>.</summary>
    public IReadOnlyList<string> States { get; init; } = [];

    /// <summary>Its nodes in the order of its ranks.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>The indices of its GPUs for each of its nodes, as far as Slurm tells.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Gpus { get; init; } = [];

    public string User { get; init; } = "";

    public string Partition { get; init; } = "";

    public DateTimeOffset? Started { get; init; }

    /// <summary>How often it was started again.</summary>
    public long Restarts { get; init; }

    public bool IsRunning => States.Contains("running") && Nodes.Count > 0;
}
