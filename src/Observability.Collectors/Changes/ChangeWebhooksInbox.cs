using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Observability.Collectors;

/// <summary>
/// The doors for webhooks of GitHub, GitLab and Argo CD. Each proves itself with the secret in its own way: GitHub by an HMAC-SHA256 of the
/// body (<c>X-Hub-Signature-256</c>), GitLab by <c>X-Gitlab-Token</c>, Argo CD by <c>Authorization: Bearer</c>. Without a secret all are refused.
/// </summary>
public sealed class ChangeWebhooksInbox(string secret, IEventSink sink, Outside outside)
{
    private const string Door = "change_webhooks";

    private readonly ILogger _log = outside.Logs.CreateLogger("Observability.Collectors.Changes");
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(secret);

    /// <summary>Maps <c>POST /api/webhooks/github</c>, <c>/gitlab</c> and <c>/argocd</c>; 200 with the number of changes, 401, 400 or 413.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var sender in (string[])["github", "gitlab", "argocd"])
            routes.MapPost("/api/webhooks/" + sender, context => HandleAsync(context, sender));
    }

    /// <summary>Takes one webhook.</summary>
    /// <param name="sender"><c>github</c>, <c>gitlab</c> or <c>argocd</c>.</param>
    /// <param name="header">A request header by name, empty where it is absent.</param>
    /// <param name="body">The body as it was sent.</param>
    public PushOutcome Post(string sender, Func<string, string> header, ReadOnlyMemory<byte> body)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!IsGenuine(sender, header, body.Span))
        {
            return Refuse(StatusCodes.Status401Unauthorized, _secret.Length == 0
                ? "no secret is configured; set server.webhook_secret" : $"the secret of this {sender} webhook is not that of server.webhook_secret");
        }

        try
        {
            using var document = JsonText.Parse(body);
            var now = outside.Time.GetUtcNow();
            var read = sender switch
            {
                "github" => ChangeWebhooks.GitHub(header("X-GitHub-Event"), document.RootElement, now),
                "gitlab" => ChangeWebhooks.GitLab(document.RootElement, now),
                _ => ChangeWebhooks.ArgoCd(document.RootElement, now),
            };
            if (read is null)
                return new PushOutcome(StatusCodes.Status200OK, 0, "");
            CollectorsMetrics.Events(Door);
            sink.Publish(read);
            return new PushOutcome(StatusCodes.Status200OK, 1, "");
        }
        catch (JsonException fault)
        {
            return Refuse(StatusCodes.Status400BadRequest, $"the body is not JSON: {fault.Message}");
        }
    }

    private bool IsGenuine(string sender, Func<string, string> header, ReadOnlySpan<byte> body)
    {
        if (_secret.Length == 0)
            return false;
        if (sender != "github")
        {
            const string scheme = "Bearer ";
            var given = sender == "gitlab" ? header("X-Gitlab-Token") : header("Authorization");
            if (sender == "argocd")
                given = given.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? given[scheme.Length..] : "";
            return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(_secret));
        }

        var signature = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, body));
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(header("X-Hub-Signature-256")), Encoding.UTF8.GetBytes(signature));
    }

    private async Task HandleAsync(HttpContext context, string sender)
    {
        using var body = await PushBody.ReadAsync(context, ChangesInbox.BodyLimitBytes);
        var outcome = body.Fault switch
        {
            BodyFault.None => Post(sender, name => context.Request.Headers[name].ToString(), body.Bytes),
            BodyFault.TooLarge => Refuse(StatusCodes.Status413PayloadTooLarge, body.Error),
            _ => Refuse(StatusCodes.Status400BadRequest, body.Error),
        };
        context.Response.StatusCode = outcome.Status;
        await context.Response.WriteAsJsonAsync(
            new Dictionary<string, object> { ["accepted"] = outcome.Accepted, ["errors"] = outcome.Errors }, context.RequestAborted);
    }

    private PushOutcome Refuse(int status, string error)
    {
        CollectorsMetrics.Refused(Door, $"http_{status}");
        CollectorsLog.PushRefused(_log, Door, error);
        return new PushOutcome(status, 0, error);
    }
}
