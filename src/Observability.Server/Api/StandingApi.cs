using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Observability.Incidents;
using Observability.Model;

namespace Observability.Server;

/// <summary>The noise report, where rules stand, and the words of people on both.</summary>
internal static class StandingApi
{
    public static void MapStandings(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api").WithTags("platform");
        api.MapGet("/noise", (FiringLedger ledger, TimeProvider clock) => ledger.Report(clock.GetUtcNow()))
            .WithSummary("Alerts in, incidents out, what every rule was worth, and what to change about the rules");
        api.MapGet("/standings", (SnapshotHub hub) => hub.Current.Standings.Values.ToArray())
            .WithSummary("Which rules and detectors are live, which in shadow, and why");
        api.MapPost("/standings/{origin}/{name}", async Task<Results<Ok<CommandOutcome>, Conflict<ApiError>, BadRequest<ApiError>>> (
            string origin, string name, CommandBody body, CommandDoor door, HttpContext http) =>
                !RuleId.TryParse($"{origin}/{name}", out var rule)
                    ? TypedResults.BadRequest(new ApiError($"{origin}/{name}: is not a rule; write rule, event, detector, slo, monitor or external before the name"))
                    : body.To is not { } to
                        ? TypedResults.BadRequest(new ApiError("to: is missing; write shadow or live"))
                        : await door.SubmitAsync(http, (actor, at) => new SetStanding(rule, to, body.Pin ?? false)
                        { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })).WithSummary("Promote or demote a rule or detector by hand, or pin it");
        api.MapPost("/alerts/{fingerprint}/feedback", async Task<Results<Ok<CommandOutcome>, Conflict<ApiError>, BadRequest<ApiError>>> (
            string fingerprint, CommandBody body, CommandDoor door, HttpContext http) =>
                !ulong.TryParse(fingerprint, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var key)
                    ? TypedResults.BadRequest(new ApiError($"{fingerprint}: is not a fingerprint; write 16 hexadecimal digits as in /api/v2/alerts"))
                    : body.Useful is not { } useful
                        ? TypedResults.BadRequest(new ApiError("useful: is missing; write true where the alert was right to fire, false for noise"))
                        : await door.SubmitAsync(http, (actor, at) => new JudgeFiring(key, useful)
                        { Actor = actor, Door = "rest", At = at, Reason = body.Reason ?? "" })).WithSummary("Say of one alert whether it was right to fire");
    }
}
