using Mediator;
using Microsoft.AspNetCore.Http.HttpResults;
using Observability.Console;
using Observability.Model;

namespace Observability.Server;

/// <summary>Where every front door's commands become requests.</summary>
internal sealed class CommandDoor(IMediator mediator, TimeProvider clock, ApiKeys keys) : ICommandDoor
{
    /// <inheritdoc/>
    public bool NeedsKey => keys.AreNeeded;

    /// <inheritdoc/>
    public string? OwnerOf(string key)
    {
        var owner = keys.OwnerOf(key);
        if (owner is null)
            ServerMetrics.RequestsRefused.Add(1, new("door", "console"), new("reason", "api_key"));
        return owner;
    }

    /// <summary>Builds a command with the caller's name and the time, submits it and answers in HTTP.</summary>
    public async Task<Results<Ok<CommandOutcome>, Conflict<ApiError>, BadRequest<ApiError>>> SubmitAsync(
        HttpContext http, Func<string, DateTimeOffset, Command?> build)
    {
        if (build(ApiKeys.ActorOf(http), clock.GetUtcNow()) is not { } command)
            return TypedResults.BadRequest(new ApiError($"{http.Request.Path}: the last part must be approve, reject or abort"));
        var outcome = await SubmitAsync(command, http.RequestAborted);
        return outcome.Accepted ? TypedResults.Ok(outcome) : TypedResults.Conflict(new ApiError(outcome.Message));
    }

    /// <inheritdoc/>
    public ValueTask<CommandOutcome> SubmitAsync(Command command, CancellationToken cancellationToken) =>
        mediator.Send(new Submit(command), cancellationToken);
}
