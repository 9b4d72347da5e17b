using Observability.Model;

namespace Observability.Server;

/// <summary>A stretch of a recording and its incidents.</summary>
public sealed record ReplayStretch(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Samples replayed.</summary>
    public long Samples { get; init; }

    /// <summary>Events replayed.</summary>
    public long Events { get; init; }

    /// <summary>Alerts that fired.</summary>
    public long Alerts { get; init; }

    /// <summary>Incidents with their verdicts, oldest first; merged ones are left out.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>What would have been done, by incident.</summary>
    public IReadOnlyList<RunbookExecution> Executions { get; init; } = [];

    /// <summary>Why it was not replayed; empty where it was.</summary>
    public string Refusal { get; init; } = "";
}
