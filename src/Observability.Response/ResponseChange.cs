using Observability.Model;

namespace Observability.Response;

/// <summary>What a response stage decided. Exactly one property is set.</summary>
public sealed record ResponseChange
{
    /// <summary>A run after a change.</summary>
    public RunbookExecution? Execution { get; init; }

    /// <summary>An effect to bring about, once it is journaled.</summary>
    public StepIntent? Intent { get; init; }

    /// <summary>A hold that begins or ends.</summary>
    public Hold? Hold { get; init; }

    /// <summary>Something to tell.</summary>
    public Notification? Notification { get; init; }

    /// <summary>As a journal entry.</summary>
    public JournalEntry ToEntry() => this switch
    {
        { Execution: { } execution } => new ExecutionChanged(execution),
        { Intent: { } intent } => new StepIntended(intent),
        { Hold: { } hold } => new HoldChanged(hold),
        { Notification: { } notification } => new NotificationQueued(notification),
        _ => throw new InvalidOperationException("a response change without content"),
    };
}
