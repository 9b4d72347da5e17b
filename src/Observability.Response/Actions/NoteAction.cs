using Observability.Model;

namespace Observability.Response;

/// <summary>
/// <c>notify</c> and <c>ask</c>: the message leaves through the outbox when the run changes, so the step itself only
/// puts its text into the timeline.
/// </summary>
public sealed class NoteAction(string name) : IAction
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task<(StepResult Result, string Detail)> RunAsync(StepIntent intent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(intent);
        return Task.FromResult((StepResult.Succeeded, intent.Parameters.TryGet("text", out var text) ? text : "told"));
    }
}
