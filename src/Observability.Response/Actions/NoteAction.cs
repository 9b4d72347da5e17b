using Observability.Model;

namespace Observability.Response;

/// <summary>
/// <c>notify</c> and <c>ask</c> as effects. The execution stage settles both by itself and intends neither; this answers
/// intents of older journals, whose runs would otherwise wait for ever.
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
