using System.Globalization;
using System.Text.Json;
using Observability.Model;

namespace Observability.Collectors;

/// <summary>
/// Reads what GitHub, GitLab and Argo CD send when something was deployed, released or pushed to the default branch. Everything else they
/// send is not a change of the fleet and gives nothing.
/// <code>
/// GitHub   X-GitHub-Event: deployment_status   {"deployment_status":{"state":"success","environment":"prod","updated_at":"…"},"deployment":{"sha":"…","ref":"main"},"repository":{"full_name":"ml/train"}}
/// GitLab   X-Gitlab-Event: Deployment Hook     {"object_kind":"deployment","status":"success","environment":"prod","project":{"path_with_namespace":"ml/train"},"short_sha":"…"}
/// Argo CD  notification template               {"app":"train","revision":"…","phase":"Succeeded"}, or the whole Application object
/// </code>
/// </summary>
internal static class ChangeWebhooks
{

    /// <summary>A change that GitHub tells of; null where it is none.</summary>
    public static TelemetryEvent? GitHub(string kind, JsonElement body, DateTimeOffset now)
    {
        var repository = body.Get("repository");
        var name = repository.Text("full_name");
        if (kind == "deployment_status" && body.Get("deployment_status") is { ValueKind: JsonValueKind.Object } status && status.Text("state") == "success")
        {
            var deployment = body.Get("deployment");
            return Event("deploy", body, (name, status.Text("environment"), deployment.Text("sha"), ""), TimeOf(status.Text("updated_at"), now));
        }

        if (kind == "release" && body.Text("action") == "published")
            return Event("release", body, (name, "", body.Get("release").Text("tag_name"), ""), TimeOf(body.Get("release").Text("published_at"), now));
        return kind == "push" && body.Text("ref") == "refs/heads/" + repository.Text("default_branch")
            ? Event("push", body, (name, "", body.Text("after"), ""), TimeOf(body.Get("head_commit").Text("timestamp"), now))
            : null;
    }

    /// <summary>A change that GitLab tells of; null where it is none.</summary>
    public static TelemetryEvent? GitLab(JsonElement body, DateTimeOffset now)
    {
        var project = body.Get("project");
        var name = project.Text("path_with_namespace");
        return (body.Text("object_kind"), body.Text("status")) switch
        {
            ("deployment", "success") => Event("deploy", body, (name, body.Text("environment"), body.Text("short_sha"), ""), TimeOf(body.Text("status_changed_at"), now)),
            ("release", _) when body.Text("action") == "create" => Event("release", body, (name, "", body.Text("tag"), ""), TimeOf(body.Text("released_at"), now)),
            ("push", _) when body.Text("ref") == "refs/heads/" + project.Text("default_branch") => Event("push", body, (name, "", body.Text("after"), ""), now),
            _ => null,
        };
    }

    /// <summary>A change that Argo CD tells of; null where it is none.</summary>
    public static TelemetryEvent? ArgoCd(JsonElement body, DateTimeOffset now)
    {
        var application = body.Get("app") is { ValueKind: JsonValueKind.Object } whole ? whole : body.Get("status").ValueKind == JsonValueKind.Object ? body : default;
        if (application.ValueKind != JsonValueKind.Object)
        {
            var phase = body.Text("phase") is { Length: > 0 } stated ? stated : body.Text("status");
            return body.Text("app").Length > 0 && phase is "Succeeded" or "Synced" or "deployed"
                ? Event("deploy", body, ("", body.Text("namespace"), body.Text("revision"), body.Text("app")), TimeOf(body.Text("finishedAt"), now))
                : null;
        }

        var operation = application.Get("status").Get("operationState");
        return operation.Text("phase") == "Succeeded"
            ? Event(
                "deploy", body, ("", application.Get("spec").Get("destination").Text("namespace"), operation.Get("syncResult").Text("revision"), application.Get("metadata").Text("name")),
                TimeOf(operation.Text("finishedAt"), now))
            : null;
    }

    private static TelemetryEvent Event(string kind, JsonElement body, (string Repository, string Environment, string Revision, string App) of, DateTimeOffset at)
    {
        var raw = body.GetRawText();
        var labels = LabelSet.Of(("repository", of.Repository), ("environment", of.Environment), ("app", of.App));
        return new TelemetryEvent
        {
            At = at,
            Source = EventSource.Change,
            Code = "change:" + kind,
            Raw = raw,
            Labels = labels,
            Fields = LabelSet.Of(("text", $"{kind} of {of.Repository}{of.App} {of.Revision}"), ("revision", of.Revision)),
            DedupeKey = $"change:{kind}|{labels}|{of.Revision}",
        };
    }

    // A time ahead of our clock, or of long ago, is not when it was done.
    private static DateTimeOffset TimeOf(string text, DateTimeOffset now) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            && at <= now + TimeSpan.FromMinutes(1) && now - at < TimeSpan.FromHours(1) ? at : now;
}
