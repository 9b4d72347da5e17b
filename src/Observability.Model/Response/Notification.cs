namespace Observability.Model;

/// <summary>A message to people or systems, before it is shaped for a channel.</summary>
public sealed record Notification
{
    /// <summary>Derived from what it tells, so that a replay does not send it twice.</summary>
    public required string Id { get; init; }

    /// <summary>What it says.</summary>
    public required NotificationKind Kind { get; init; }

    /// <summary>The incident as it was then.</summary>
    public required Incident Incident { get; init; }

    /// <summary>The run it speaks of, if any.</summary>
    public RunbookExecution? Execution { get; init; }

    /// <summary>What is asked, if anything.</summary>
    public Question? Question { get; init; }

    /// <summary>When it was decided.</summary>
    public required DateTimeOffset At { get; init; }
}
