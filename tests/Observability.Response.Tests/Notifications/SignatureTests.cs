using Observability.Model;

namespace Observability.Response.Tests;

public class SignatureTests
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";
    private const string Signature = "v0=7d1e505747e16b2e9a5cb99318cbd784d12290a7129487637e0b023164e4aafb";
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1531420618);

    [Fact]
    public void Signatures_MatchTheTestVectors()
    {
        Assert.Equal("l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=", FeishuChannel.Sign("demo", "1599360473"));
        Assert.Equal(
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
            WebhookChannel.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"));
        Assert.Equal(Signature, SlackSignature.Sign(Secret, "1531420618", "token=xyz"));
    }

    [Theory]
    [InlineData(Secret, "1531420618", Signature, "token=xyz", 0, null)]
    [InlineData(Secret, "1531420618", Signature, "token=xyz", 300, null)]
    [InlineData(Secret, "1531420618", Signature, "token=xyz", 301, "X-Slack-Request-Timestamp is more than 300 s away: stale or replayed")]
    [InlineData(Secret, "1531420618", Signature, "token=xyz", -301, "X-Slack-Request-Timestamp is more than 300 s away: stale or replayed")]
    [InlineData(Secret, "1531420618", Signature, "token=abc", 0, "X-Slack-Signature does not match")]
    [InlineData("other", "1531420618", Signature, "token=xyz", 0, "X-Slack-Signature does not match")]
    [InlineData(Secret, "1531420618", "", "token=xyz", 0, "X-Slack-Signature does not match")]
    [InlineData(Secret, "", Signature, "token=xyz", 0, "X-Slack-Request-Timestamp is missing or not a number")]
    [InlineData(Secret, "99999999999999999999", Signature, "token=xyz", 0, "X-Slack-Request-Timestamp is missing or not a number")]
    [InlineData("", "1531420618", Signature, "token=xyz", 0, "server.slack_signing_secret is not set, so no interaction is taken")]
    public void SlackSignature_IsGenuineAndFresh_OrSaysWhyNot(string secret, string timestamp, string signature, string body, int seconds, string? refusal) =>
        Assert.Equal(refusal, SlackSignature.Refusal(secret, timestamp, signature, body, Now.AddSeconds(seconds)));

    [Theory]
    [InlineData("acknowledge", "INC-000001")]
    [InlineData("approve", "INC-000001/x/1")]
    [InlineData("reject", "INC-000001/x/1")]
    [InlineData("annotate", "INC-000001|seen")]
    [InlineData("silence", "120|node=node-003,alertname=GpuXid")]
    [InlineData("answer_yes", "Q-000001")]
    [InlineData("answer_no", "Q-000001")]
    [InlineData("answer_unknown", "Q-000001")]
    public void SlackInteraction_OfAButton_IsItsCommand(string action, string value)
    {
        var command = SlackInteraction.Parse(Payload(action, value), Now, out var fault);
        Assert.Equal(("slack:U1", "slack", Now, ""), (command!.Actor, command.Door, command.At, fault));
        var text = command switch
        {
            AcknowledgeIncident c => $"acknowledge {c.IncidentId}",
            ApproveExecution c => $"approve {c.ExecutionId}",
            RejectExecution c => $"reject {c.ExecutionId}",
            AnnotateIncident c => $"annotate {c.IncidentId}|{c.Text}",
            CreateSilence c => $"silence {(c.Silence.EndsAt - c.Silence.StartsAt).TotalMinutes}|{string.Join(',', c.Silence.Matchers).Replace("\"", "", StringComparison.Ordinal)}",
            AnswerQuestion { Answer: LabelAnswer.Yes } c => $"answer_yes {c.QuestionId}",
            AnswerQuestion { Answer: LabelAnswer.No } c => $"answer_no {c.QuestionId}",
            AnswerQuestion { Answer: LabelAnswer.Unknown } c => $"answer_unknown {c.QuestionId}",
            _ => "",
        };
        Assert.Equal($"{action} {value}", text);
    }

    [Theory]
    [InlineData("explode", "INC-000001", "action 'explode' with value 'INC-000001' is not one of acknowledge, approve, reject, answer_yes, answer_no, answer_unknown, annotate, silence")]
    [InlineData("silence", "for ever|node=a", "action 'silence' with value 'for ever|node=a' is not one of acknowledge, approve, reject, answer_yes, answer_no, answer_unknown, annotate, silence")]
    [InlineData("approve", "", "action 'approve' carries no value")]
    public void SlackInteraction_ThatIsNoCommand_SaysWhy(string action, string value, string expected)
    {
        Assert.Null(SlackInteraction.Parse(Payload(action, value), Now, out var fault));
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"actions\":[],\"user\":{\"id\":\"U1\"}}")]
    [InlineData("{\"actions\":[{\"action_id\":7}],\"user\":\"U1\"}")]
    public void SlackInteraction_ThatIsBroken_SaysSo(string payload)
    {
        Assert.Null(SlackInteraction.Parse(payload, Now, out var fault));
        Assert.StartsWith("the payload is not a block action: ", fault, StringComparison.Ordinal);
    }

    private static string Payload(string action, string value) =>
        $$"""{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"{{action}}","value":"{{value}}"}]}""";
}
