using System.Text.Json.Nodes;
using Observability.Model;

namespace Observability.Response.Tests;

public class ChannelTests
{
    private static readonly RunbookExecution Run = new()
    {
        Id = "INC-000001/x/1",
        IncidentId = "INC-000001",
        RunbookId = "x",
        Target = new EntityId(EntityKind.Node, "node-000"),
        Strategy = Strategy.Ask,
        State = ExecutionState.AwaitingApproval,
        Reason = "a yes is needed",
        CreatedAt = Make.T0,
        UpdatedAt = Make.T0,
    };

    [Fact]
    public async Task Slack_Approval_CarriesEvidenceAndButtons()
    {
        await using var server = await ScriptedServer.StartAsync((_, _, _, _) => (200, "ok", ""));
        using var http = new HttpClient();
        var answer = await new SlackChannel("chat", server.Url, "http://console/", http).SendAsync(Make.Note(1, NotificationKind.Approval, 1, Run), Make.T0, CancellationToken.None);
        Assert.Equal(new ChannelAnswer(true, false, "200 ok"), answer);
        var body = JsonNode.Parse(server.Requests[0].Body)!;
        Assert.Equal("Approval needed: x for incident 1", (string?)body["text"]);
        Assert.Equal(
            "INC-000001 · 3 alerts on 1 entities\nhardware, confidence 95 %: GPU-000-0 has gpu_off_bus\n• Xid 79 in the kernel log\nx on node-000: AwaitingApproval, a yes is needed",
            (string?)body["blocks"]![1]!["text"]!["text"]);
        Assert.Equal(
            ["approve INC-000001/x/1", "reject INC-000001/x/1", "open http://console/incidents/INC-000001"],
            body["blocks"]![2]!["elements"]!.AsArray().Select(button => $"{button!["action_id"]} {button["value"] ?? button["url"]}"));
    }

    [Fact]
    public async Task Slack_VerdictWithoutAKnownConfidence_NamesNone()
    {
        await using var server = await ScriptedServer.StartAsync((_, _, _, _) => (200, "ok", ""));
        using var http = new HttpClient();
        var note = Make.Note(1, NotificationKind.Firing, 1);
        note = note with { Incident = note.Incident with { Verdict = note.Incident.Verdict! with { Kind = VerdictKind.NotHardware, Confidence = 0, Summary = "service cart is at fault: CartDown" } } };
        await new SlackChannel("chat", server.Url, "http://console/", http).SendAsync(note, Make.T0, CancellationToken.None);
        Assert.Equal(
            "INC-000001 · 3 alerts on 1 entities\nnot hardware: service cart is at fault: CartDown\n• Xid 79 in the kernel log",
            (string?)JsonNode.Parse(server.Requests[0].Body)!["blocks"]![1]!["text"]!["text"]);
    }

    [Fact]
    public async Task Slack_MessageOfSpecialCharacters_StaysWithinSlacksLimits()
    {
        await using var server = await ScriptedServer.StartAsync((_, _, _, _) => (200, "ok", ""));
        using var http = new HttpClient();
        var note = Make.Note(1, NotificationKind.Firing, 1, Run with { Reason = new string('&', 5_000) });
        note = note with { Incident = note.Incident with { Title = new string('<', 4_000) } };
        await new SlackChannel("chat", server.Url, "http://console", http).SendAsync(note, Make.T0, CancellationToken.None);
        var blocks = JsonNode.Parse(server.Requests[0].Body)!["blocks"]!.AsArray();
        Assert.All(blocks.Take(2), block => Assert.InRange(((string)block!["text"]!["text"]!).Length, 1, 3_000));
        Assert.InRange(blocks.ToJsonString().Length, 1, 12_000);
    }

    [Fact]
    public async Task Webhook_IsSigned_TriesAgainOnAllBut410_AndObeysRetryAfter()
    {
        var status = 404;
        await using var server = await ScriptedServer.StartAsync((_, _, _, _) => (status, "", "7"));
        using var http = new HttpClient();
        var channel = new WebhookChannel("hook", server.Url, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", http);
        Assert.Equal(new ChannelAnswer(false, true, "404", TimeSpan.FromSeconds(7)), await channel.SendAsync(Make.Note(1, NotificationKind.Firing, 1), Make.T0, CancellationToken.None));
        status = 410;
        Assert.False((await channel.SendDigestAsync([Make.Note(1, NotificationKind.Firing, 1), Make.Note(2, NotificationKind.Firing, 1)], Make.T0, CancellationToken.None)).MayRetry);
        var (_, _, headers, body) = server.Requests[0];
        Assert.Equal("INC-000001/Firing/1", headers["webhook-id"].ToString());
        Assert.Equal(
            WebhookChannel.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "INC-000001/Firing/1", headers["webhook-timestamp"].ToString(), body),
            headers["webhook-signature"].ToString());
        Assert.Equal("digest/INC-000001/Firing/1/2", server.Requests[1].Headers["webhook-id"].ToString());
        Assert.Equal("2 messages about 2 incidents", (string?)JsonNode.Parse(server.Requests[1].Body)!["title"]);
    }

    [Theory]
    [InlineData(200, "{\"code\":0}", true, false, "code 0", null)]
    [InlineData(200, "{\"code\":19021,\"msg\":\"sign match fail\"}", false, false, "code 19021", null)]
    [InlineData(200, "{\"code\":11232}", false, true, "code 11232", 30)]
    [InlineData(200, "busy", false, true, "the answer is not JSON with a number 'code'", null)]
    [InlineData(502, "bad gateway", false, true, "502 bad gateway", null)]
    public async Task Feishu_IsJudgedByTheCodeInTheBody(int status, string said, bool accepted, bool mayRetry, string detail, int? retryAfter)
    {
        await using var server = await ScriptedServer.StartAsync((_, _, _, _) => (status, said, ""));
        using var http = new HttpClient();
        var answer = await new FeishuChannel("chat", server.Url, "demo", http).SendAsync(Make.Note(1, NotificationKind.Resolved, 1), Make.T0, CancellationToken.None);
        Assert.Equal(new ChannelAnswer(accepted, mayRetry, detail, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null), answer);
        var body = JsonNode.Parse(server.Requests[0].Body)!;
        Assert.Equal((FeishuChannel.Sign("demo", (string)body["timestamp"]!), "interactive", "green"), ((string)body["sign"]!, (string?)body["msg_type"], (string?)body["card"]!["header"]!["template"]));
    }
}
