using Mediator;
using Observability.Model;

namespace Observability.Server;

/// <summary>Checks a command against what is, then hands it to the pipeline, which journals it before any stage sees it.</summary>
public sealed class SubmitHandler(SnapshotHub hub, PipelineInlet inlet, TimeProvider clock) : IRequestHandler<Submit, CommandOutcome>
{
    /// <inheritdoc/>
    public ValueTask<CommandOutcome> Handle(Submit request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var refusal = CommandRules.Refusal(request.Command, hub.Current, clock.GetUtcNow());
        if (refusal is null && !inlet.TryPost(new PipelineInput.Commanded(request.Command)))
            refusal = "the pipeline's inlet is full; try again in a moment";
        if (refusal is null)
            return ValueTask.FromResult(CommandOutcome.Ok());
        ServerMetrics.CommandsRefused.Add(1, new KeyValuePair<string, object?>("command", request.Command.GetType().Name));
        return ValueTask.FromResult(CommandOutcome.Refused(refusal));
    }
}
