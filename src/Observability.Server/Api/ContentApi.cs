namespace Observability.Server;

/// <summary><c>POST /api/reload</c>: reads rules and runbooks again.</summary>
internal static class ContentApi
{
    public static void MapContent(this IEndpointRouteBuilder app, Platform platform) =>
        app.MapPost("/api/reload", () => Answer(platform.Reload()))
            .WithTags("platform")
            .WithSummary("Read rules and runbooks again; with one fault in any file nothing changes")
            .Produces<ReloadOutcome>()
            .Produces<ReloadOutcome>(StatusCodes.Status422UnprocessableEntity);

    private static IResult Answer(ReloadOutcome outcome) =>
        Results.Json(outcome, statusCode: outcome.Findings.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
}
