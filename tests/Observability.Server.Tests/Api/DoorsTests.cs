using System.Net.Http.Headers;
using Observability.Response;

namespace Observability.Server.Tests;

/// <summary>REST and Slack send the same requests to the same handler; who may write is checked before.</summary>
public sealed class DoorsTests
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string Key = "0123456789abcdef";

    [Fact]
    public async Task AcknowledgeAnnotateAssign_ThroughRestAndSlack_ReachTheIncidentWithTheirActor()
    {
        await using var world = await World.StartAsync(options => options.Server.SlackSigningSecret = Secret);
        var id = (await world.OpenIncidentAsync()).Incident.Id;

        Assert.Equal(200, (await world.PostAsync($"/api/incidents/{id}/notes", """{"text":"looked at it"}""", headers: ("X-Actor", "ann"))).Status);
        Assert.Equal(200, (await world.PostAsync($"/api/incidents/{id}/assign", """{"assignee":"storage"}""")).Status);
        var slack = await ClickAsync(world, "acknowledge", id);
        await world.StepAsync();

        Assert.Equal((200, "Done."), (slack.Status, (string)slack.Json["text"]!));
        var shown = await world.GetAsync($"/api/incidents/{id}");
        Assert.Contains("looked at it", shown.Body, StringComparison.Ordinal);
        Assert.Contains("storage", shown.Body, StringComparison.Ordinal);
        Assert.Contains("slack:U1", shown.Body, StringComparison.Ordinal);
        Assert.Equal(id, (string)shown.Json["incident"]!["id"]!);
    }

    [Fact]
    public async Task SilenceThroughRestAndSlack_IsInForce()
    {
        await using var world = await World.StartAsync(options => options.Server.SlackSigningSecret = Secret);

        var rest = await world.PostAsync("/api/silences", """{"matchers":[{"name":"node","value":"node-00.","isRegex":true}],"endsAt":"2026-03-01T14:00:00Z","comment":"repair"}""");
        var slack = await ClickAsync(world, "silence", "60|node=node-002,alertname=X");
        await world.StepAsync();

        Assert.Equal((200, 200), (rest.Status, slack.Status));
        Assert.Equal(["node=\"node-002\",alertname=\"X\"", "node=~\"node-00.\""], world.Snapshot.Silences.Values.Select(silence => string.Join(',', silence.Matchers)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/api/incidents/INC-999999/acknowledge", "{}", 409, "incident INC-999999: is unknown")]
    [InlineData("/api/incidents/INC-999999/notes", """{"text":""}""", 409, "text: is empty")]
    [InlineData("/api/executions/INC-1/x/1/approve", "{}", 409, "execution INC-1/x/1: is unknown")]
    [InlineData("/api/executions/INC-1/x/1/reject", "{}", 409, "execution INC-1/x/1: is unknown")]
    [InlineData("/api/executions/INC-1/x/1/explode", "{}", 400, "/api/executions/INC-1/x/1/explode: the last part must be approve, reject or abort")]
    [InlineData("/api/silences", """{"matchers":[],"endsAt":"2026-03-01T14:00:00Z","comment":"x"}""", 409, "matchers: at least one is needed; a silence of everything is not allowed")]
    [InlineData("/api/silences", """{"matchers":[{"name":"a","value":"b"}],"endsAt":"2026-03-01T11:00:00Z","comment":"x"}""", 409, "endsAt: 2026-03-01T11:00:00.0000000+00:00 is not after startsAt 2026-03-01T12:00:00.0000000+00:00")]
    [InlineData("/api/silences", """{"matchers":[{"name":"a","value":"(","isRegex":true}],"endsAt":"2026-03-01T14:00:00Z","comment":"x"}""", 400, "matchers: '(' is not a regular expression: ")]
    [InlineData("/api/silences", """{"matchers":[{"value":"b"}],"endsAt":"2026-03-01T14:00:00Z","comment":"x"}""", 400, "matchers: every matcher needs a name and a value")]
    [InlineData("/api/silences", """{"matchers":[{"name":"a","value":"b"}],"comment":"x"}""", 400, "the body does not fit: ")]
    [InlineData("/api/silences", "{", 400, "the body does not fit: ")]
    [InlineData("/api/incidents/INC-1/feedback", """{"trueCause":"toaster:x"}""", 400, "the body does not fit: 'toaster:x' is not an entity; write kind:name, for example node:node-001")]
    [InlineData("/api/slos/none/exclusions", """{"from":"2026-03-01T10:00:00Z","to":"2026-03-01T11:00:00Z","reason":"x"}""", 409, "slo none: is unknown")]
    [InlineData("/api/holds/release", """{"hold":"none"}""", 409, "hold none: is unknown or released already")]
    public async Task CommandThatCannotBeTaken_SaysWhy(string path, string body, int status, string says)
    {
        await using var world = await World.StartAsync();

        var answer = await world.PostAsync(path, body);

        Assert.Equal(status, answer.Status);
        Assert.StartsWith(says, answer.Error, StringComparison.Ordinal);
        Assert.Equal(200, (await world.GetAsync("/api/incidents")).Status);
    }

    [Theory]
    [InlineData(0, "v0=0000", "X-Slack-Signature does not match")]
    [InlineData(0, "", "X-Slack-Signature does not match")]
    [InlineData(-301, null, "X-Slack-Request-Timestamp is more than 300 s away: stale or replayed")]
    [InlineData(301, null, "X-Slack-Request-Timestamp is more than 300 s away: stale or replayed")]
    public async Task SlackSignature_BadOrStale_Is401AndCounted(int skew, string? signature, string says)
    {
        await using var world = await World.StartAsync(options => options.Server.SlackSigningSecret = Secret);
        Answer? answer = null;
        var moved = await world.MovedAsync(
            async () => answer = await ClickAsync(world, "acknowledge", "INC-000001", skew, signature),
            "observability_requests_refused_total", ("door", "slack"), ("reason", "slack_signature"));

        Assert.Equal((401, 1d, says), (answer!.Status, moved, answer.Error));
        Assert.Equal(200, (await ClickAsync(world, "acknowledge", "INC-000001")).Status);
    }

    [Fact]
    public async Task SlackWithoutASecret_TakesNothing()
    {
        await using var world = await World.StartAsync();

        var answer = await ClickAsync(world, "acknowledge", "INC-000001");

        Assert.Equal((401, "server.slack_signing_secret is not set, so no interaction is taken"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Keys_GuardEveryWriteAndNoRead()
    {
        await using var world = await World.StartAsync(options =>
        {
            options.Server.ApiKeys.Add("ci:" + Key);
            options.Server.SlackSigningSecret = Secret;
        });
        string[] writes =
        [
            "/api/v2/alerts", "/api/webhooks/alertmanager", "/v1/metrics", "/api/changes", "/api/silences", "/api/reload", "/api/holds/release",
            "/api/incidents/INC-1/acknowledge", "/api/executions/INC-1/x/1/approve", "/api/slos/x/exclusions",
        ];

        foreach (var path in writes)
        {
            var refused = await world.PostAsync(path, "{}");
            Assert.Equal((path, 401), (path, refused.Status));
            Assert.Equal("authorization: a valid key of server.api_keys is needed as 'Authorization: Bearer …'", refused.Error);
            Assert.Equal(401, (await world.PostAsync(path, "{}", headers: ("Authorization", "Bearer " + Key[..^1]))).Status);
            Assert.NotEqual(401, (await world.PostAsync(path, "{}", headers: ("Authorization", "Bearer " + Key))).Status);
        }

        foreach (var path in (string[])["/api/incidents", "/api/v1/query?query=1", "/metrics", "/healthz", "/readyz", "/openapi/v1.json"])
            Assert.Equal((path, 200), (path, (await world.GetAsync(path)).Status));
        Assert.Equal(200, (await world.PostAsync("/api/v1/query", "query=1", "application/x-www-form-urlencoded")).Status);
        Assert.Equal(200, (await ClickAsync(world, "acknowledge", "INC-000001")).Status);
    }

    [Fact]
    public async Task Key_NamesTheActor()
    {
        await using var world = await World.StartAsync(options => options.Server.ApiKeys.Add("ci:" + Key));
        world.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);

        await world.PostAsync("/api/silences", """{"matchers":[{"name":"a","value":"b"}],"endsAt":"2026-03-01T14:00:00Z","comment":"x"}""", headers: ("X-Actor", "somebody-else"));
        await world.StepAsync();

        Assert.Equal("api-key:ci", Assert.Single(world.Snapshot.Silences.Values).CreatedBy);
    }

    [Fact]
    public async Task Console_WantsAKeyWhereTheServerDoes()
    {
        await using var open = await World.StartAsync();
        Assert.False(open.ConsoleDoor.NeedsKey);

        await using var world = await World.StartAsync(options => options.Server.ApiKeys.Add("ci:" + Key));
        Assert.True(world.ConsoleDoor.NeedsKey);
        Assert.Equal("ci", world.ConsoleDoor.OwnerOf($" {Key} "));
        Assert.Equal(1, await world.MovedAsync(
            () => Task.FromResult(world.ConsoleDoor.OwnerOf(Key[..^1])), "observability_requests_refused_total", ("door", "console"), ("reason", "api_key")));
    }

    private static Task<Answer> ClickAsync(World world, string action, string value, int skew = 0, string? signature = null)
    {
        var payload = $$"""{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"{{action}}","value":"{{value}}"}]}""";
        var body = "payload=" + Uri.EscapeDataString(payload);
        var timestamp = FormattableString.Invariant($"{world.Now.AddSeconds(skew).ToUnixTimeSeconds()}");
        return world.PostAsync(
            "/api/slack/interactions", body, "application/x-www-form-urlencoded",
            ("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", signature ?? SlackSignature.Sign(Secret, timestamp, body)));
    }
}
