using Microsoft.AspNetCore.Http.HttpResults;
using Observability.Model;

namespace Observability.Server;

/// <summary>The REST front door under <c>/api</c>: reads from the newest snapshot, writes through the same requests as the console.</summary>
internal static class RestApi
{
    public static void MapRest(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("platform");
        MapReads(api);
        MapIncidentCommands(api);
        MapOtherCommands(api);
        api.MapLearning();
    }

    private static void MapReads(RouteGroupBuilder api)
    {
        api.MapGet("/incidents", (SnapshotHub hub, string? state) => hub.Current.Incidents.Values
            .Where(view => state is null || view.Incident.State.ToString().Equals(state, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(view => view.Incident.Id, StringComparer.Ordinal)
            .Select(view => view.Incident).ToArray()).WithSummary("Incidents, newest first");
        api.MapGet("/incidents/{id}", Results<Ok<IncidentView>, NotFound<ApiError>> (SnapshotHub hub, string id) =>
            hub.Current.Incidents.TryGetValue(id, out var view)
                ? TypedResults.Ok(view)
                : TypedResults.NotFound(new ApiError($"incident {id}: is unknown"))).WithSummary("One incident with its timeline");
        api.MapGet("/incidents/{id}/similar", Results<Ok<SimilarIncident[]>, NotFound<ApiError>> (SnapshotHub hub, string id) =>
            hub.Current.Incidents.ContainsKey(id)
                ? TypedResults.Ok(IncidentMemory.Similar(hub.Current, id, 10).ToArray())
                : TypedResults.NotFound(new ApiError($"incident {id}: is unknown"))).WithSummary("Earlier incidents that look like it, with what fixed them");
        api.MapGet("/lemons", (SnapshotHub hub) => LemonScores.Of(hub.Current).ToArray()).WithSummary("Devices and nodes by how often they were the culprit");
        api.MapGet("/alerts", (SnapshotHub hub) => hub.Current.Alerts.Values
            .OrderByDescending(view => view.Alert.StartsAt).ThenBy(view => view.Alert.Fingerprint).Take(10_000).ToArray())
            .WithSummary("Alerts with what reduced them");
        api.MapGet("/executions", (SnapshotHub hub) => hub.Current.Executions.Values.ToArray()).WithSummary("Runbook executions");
        api.MapGet("/holds", (SnapshotHub hub) => hub.Current.Holds.Values.ToArray()).WithSummary("Holds in force");
        api.MapGet("/silences", (SnapshotHub hub) => hub.Current.Silences.Values.ToArray()).WithSummary("Silences");
        api.MapGet("/runbooks", (SnapshotHub hub) => hub.Current.Runbooks.ToArray()).WithSummary("Runbooks");
        api.MapGet("/slos", (SnapshotHub hub) => new
        {
            slos = hub.Current.Slos,
            budgets = hub.Current.Budgets,
            charges = hub.Current.Incidents.Values.SelectMany(view => view.Charges).ToArray(),
        }).WithSummary("SLOs, their budgets, and what incidents cost");
        api.MapGet("/topology", (SnapshotHub hub) => hub.Current.Topology.Entities.Values.OrderBy(entity => entity.Id).ToArray())
            .WithSummary("Entities of the fleet");
    }

    private static void MapIncidentCommands(RouteGroupBuilder api)
    {
        api.MapPost("/incidents/{id}/acknowledge", (string id, CommandBody? body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new AcknowledgeIncident(id)
            { Actor = actor, Door = "rest", At = at, Reason = body?.Reason ?? "" })).WithSummary("Acknowledge an incident");
        api.MapPost("/incidents/{id}/assign", (string id, CommandBody body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new AssignIncident(id, body.Assignee ?? "")
            { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })).WithSummary("Assign an incident");
        api.MapPost("/incidents/{id}/notes", (string id, CommandBody body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new AnnotateIncident(id, body.Text ?? "")
            { Actor = actor, Door = "rest", At = at })).WithSummary("Annotate an incident");
        api.MapPost("/incidents/{id}/feedback", (string id, CommandBody body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new GiveFeedback(id, body.Useful ?? true, body.TrueCause)
            { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })).WithSummary("Say whether a verdict was right");
        api.MapPost("/incidents/{id}/runbooks/{runbook}", (string id, string runbook, CommandBody? body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new RunRunbook(id, runbook, body?.DryRun ?? false)
            { Actor = actor, Door = "rest", At = at, Reason = body?.Reason ?? "" })).WithSummary("Run a runbook by hand");
    }

    private static void MapOtherCommands(RouteGroupBuilder api)
    {
        api.MapPost("/executions/{incident}/{runbook}/{attempt}/{decision}",
            (string incident, string runbook, string attempt, string decision, CommandBody? body, CommandDoor door, HttpContext http) =>
                door.SubmitAsync(http, (actor, at) => Decide($"{incident}/{runbook}/{attempt}", decision, actor, at, body?.Reason ?? "")))
            .WithSummary("approve, reject or abort an execution");
        api.MapPost("/silences", async Task<Results<Ok<CommandOutcome>, Conflict<ApiError>, BadRequest<ApiError>>> (SilenceBody body, CommandDoor door, HttpContext http) =>
            body.Fault() is { } fault
                ? TypedResults.BadRequest(new ApiError(fault))
                : await door.SubmitAsync(http, (actor, at) => new CreateSilence(body.ToSilence(actor, at)) { Actor = actor, Door = "rest", At = at }))
            .WithSummary("Silence matching alerts");
        api.MapDelete("/silences/{id}", (string id, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new ExpireSilence(id) { Actor = actor, Door = "rest", At = at }))
            .WithSummary("End a silence");
        api.MapPost("/holds/release", (CommandBody body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new ReleaseHold(body.Hold ?? "")
            { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })).WithSummary("Release one hold");
        api.MapPost("/slos/{id}/exclusions", (string id, ExclusionBody body, CommandDoor door, HttpContext http) =>
            door.SubmitAsync(http, (actor, at) => new ExcludeFromBudget(new BudgetExclusion(id, body.From, body.To, actor, body.Reason ?? ""))
            { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })).WithSummary("Take a stretch of time out of an SLO's account");
    }

    private static Command? Decide(string execution, string decision, string actor, DateTimeOffset at, string reason) => decision switch
    {
        "approve" => new ApproveExecution(execution) { Actor = actor, Door = "rest", At = at, Reason = reason },
        "reject" => new RejectExecution(execution) { Actor = actor, Door = "rest", At = at, Reason = reason },
        "abort" => new AbortExecution(execution) { Actor = actor, Door = "rest", At = at, Reason = reason },
        _ => null,
    };
}
