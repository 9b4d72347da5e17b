using Microsoft.AspNetCore.Http.HttpResults;
using Observability.Model;

namespace Observability.Server;

/// <summary>Questions to the on-call, and the versions of what learns from the answers.</summary>
internal static class LearningApi
{
    public static void MapLearning(this RouteGroupBuilder api)
    {
        api.MapGet("/questions", (SnapshotHub hub, bool? open) => hub.Current.Learning.Questions.Values.Reverse()
            .Where(view => open is null || (view.Answer is null) == open).ToArray()).WithSummary("Questions to the on-call, the latest first");
        api.MapPost("/questions/{id}/answer", async Task<Results<Ok<CommandOutcome>, Conflict<ApiError>, BadRequest<ApiError>>> (string id, AnswerBody body, CommandDoor door, HttpContext http) =>
            body.Answer is { } answer
                ? await door.SubmitAsync(http, (actor, at) => new AnswerQuestion(id, answer) { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })
                : TypedResults.BadRequest(new ApiError("answer: is missing; give yes, no or unknown"))).WithSummary("Say whether an alert was worth waking someone");
        api.MapGet("/models", (SnapshotHub hub) => hub.Current.Learning with { Questions = LearningView.Empty.Questions })
            .WithSummary("Versions of the classifier of actionability, which is in use, trainings and drift");
        api.MapPost("/models/train", (CommandBody? body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new RetrainModel { Actor = actor, Door = "rest", At = at, Reason = body?.Reason ?? "" }))
            .WithSummary("Train a version from what people said; one that is not worse is put in use");
        api.MapPost("/models/{version}/use", (string version, CommandBody? body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new UseModel(version) { Actor = actor, Door = "rest", At = at, Reason = body?.Reason ?? "" }))
            .WithSummary("Put a version in use, an older one to go back");
    }
}
