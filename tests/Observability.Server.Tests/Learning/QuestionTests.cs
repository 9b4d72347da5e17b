using Observability.Model;
using Observability.Response;

namespace Observability.Server.Tests;

/// <summary>The platform asks, in the console, over REST and in chat, and the answers come back through any of them.</summary>
public sealed class QuestionTests : IDisposable
{
    private const string Secret = "8f742231b10e8888abcd99yyyzzz85a5";

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("questions-");

    public void Dispose() => _state.Delete(recursive: true);

    [Fact]
    public async Task Question_IsAskedInChatWithButtons_AnsweredThere_AndBecomesALabel()
    {
        await using var slack = await FakeTargets.StartAsync();
        slack.Serve("/hook", "ok");
        await using var world = await Site.StartAsync("", options =>
        {
            options.Incidents.Questions.PerDay = 3;
            options.Server.SlackSigningSecret = Secret;
            options.Notify.Channels.Add(new ChannelOptions { Name = "oncall", Kind = "slack", Url = slack.Url + "/hook" });
        });
        var asked = await AskedAsync(world);

        var sent = slack.Requests.Single(request => request.Contains("answer_yes", StringComparison.Ordinal));
        Assert.Contains("Was it worth waking someone? FanNoise", sent, StringComparison.Ordinal);
        Assert.Contains("FanNoise since the morning", sent, StringComparison.Ordinal);
        foreach (var action in (string[])["answer_yes", "answer_no", "answer_unknown"])
            Assert.Contains($"\"action_id\":\"{action}\"", sent, StringComparison.Ordinal);

        var clicked = await ClickAsync(world, "answer_no", asked.Id);
        await world.StepAsync(2);

        Assert.Equal("Done.", (string)clicked.Json["text"]!);
        var view = Assert.Single(world.Snapshot.Learning.Questions.Values);
        Assert.Equal((LabelAnswer.No, "slack:U1", 1), (view.Answer, view.AnsweredBy, world.Snapshot.Learning.Labels));
        Assert.Contains(world.Snapshot.Incidents[asked.IncidentId].Timeline, line => line.Text == "slack:U1 said of FanNoise through slack: not worth waking someone");
    }

    [Fact]
    public async Task Questions_AreReadAndAnsweredOverRest_WithAKeyWhereOneIsNeeded()
    {
        await using var world = await Site.StartAsync("", options =>
        {
            options.Incidents.Questions.PerDay = 3;
            options.Server.ApiKeys.Add("ci:0123456789abcdef");
        });
        world.Http.DefaultRequestHeaders.Authorization = new("Bearer", "0123456789abcdef");
        var asked = await AskedAsync(world);

        Assert.Equal(asked.Id, (string)(await world.GetAsync("/api/questions?open=true")).Json[0]!["question"]!["id"]!);
        Assert.Equal("answer: is missing; give yes, no or unknown", (await world.PostAsync($"/api/questions/{asked.Id}/answer", "{}")).Error);
        Assert.Equal("question Q-000099: is unknown", (await world.PostAsync("/api/questions/Q-000099/answer", """{"answer":"yes"}""")).Error);
        Assert.Equal(200, (await world.PostAsync($"/api/questions/{asked.Id}/answer", """{"answer":"yes"}""")).Status);
        await world.StepAsync(2);
        Assert.Equal("[]", (await world.GetAsync("/api/questions?open=true")).Body);
        Assert.Equal(("yes", "api-key:ci"), Told((await world.GetAsync("/api/questions")).Json[0]!));

        world.Http.DefaultRequestHeaders.Authorization = null;
        Assert.Equal(401, (await world.PostAsync($"/api/questions/{asked.Id}/answer", """{"answer":"no"}""")).Status);
    }

    [Fact]
    public async Task QuestionsAndAnswers_SurviveARestart_AndAreNotAskedAgain()
    {
        Question asked;
        DateTimeOffset end;
        await using (var world = await Site.StartAsync(_state.FullName, options => options.Incidents.Questions.PerDay = 3))
        {
            asked = await AskedAsync(world);
            await world.PostAsync($"/api/questions/{asked.Id}/answer", """{"answer":"unknown"}""", headers: ("X-Actor", "ann"));
            await world.StepAsync(2);
            end = world.Now;
        }

        await using var again = await Site.StartAsync(_state.FullName, options => options.Incidents.Questions.PerDay = 3, end.AddMinutes(1));
        Assert.Equal(new QuestionView(asked, LabelAnswer.Unknown, "ann", end.AddSeconds(-2)), Assert.Single(again.Snapshot.Learning.Questions.Values));
        Assert.Equal((0, 0), (again.Snapshot.Learning.Labels, await again.CounterAsync("observability_replay_divergence_total")));
        await again.FireAsync("FanNoise", 2);
        await again.FireAsync("QueueStuck", 3);
        await again.StepAsync(900);
        Assert.Equal(["FanNoise", "QueueStuck"], again.Snapshot.Learning.Questions.Values.Select(view => view.Question.AlertName));
    }

    [Fact]
    public async Task ConsoleOnly_AsksNobodyInChat()
    {
        await using var slack = await FakeTargets.StartAsync();
        slack.Serve("/hook", "ok");
        await using var world = await Site.StartAsync("", options =>
        {
            (options.Incidents.Questions.PerDay, options.Incidents.Questions.Chat) = (3, false);
            options.Notify.Channels.Add(new ChannelOptions { Name = "oncall", Kind = "slack", Url = slack.Url + "/hook" });
        });
        await AskedAsync(world);

        Assert.NotEmpty(slack.Requests);
        Assert.DoesNotContain(slack.Requests, request => request.Contains("answer_yes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Drift_IsASeriesOnceThereAreAlertsToCompare()
    {
        await using var world = await Site.StartAsync("");
        for (var i = 0; i < 100; i++)
            await world.FireAsync($"Rule{(char)('A' + (i / 10))}{(char)('a' + (i % 10))}", i);
        await world.StepAsync(75);

        Assert.Single(await world.QueryAsync("""observability_model_alerts_compared{model="shipped"} >= 100"""));
        Assert.NotEmpty(await world.QueryAsync("""observability_model_drift_psi{feature="score"}"""));
        Assert.NotNull(world.Snapshot.Learning.Drift!.Score);
    }

    private static (string Answer, string By) Told(System.Text.Json.Nodes.JsonNode view) => ((string)view["answer"]!, (string)view["answeredBy"]!);

    private static async Task<Question> AskedAsync(World world)
    {
        await world.FireAsync("FanNoise", 1);
        for (var i = 0; i < 150 && world.Snapshot.Learning.Questions.IsEmpty; i++)
            await world.StepAsync();
        await world.StepAsync(3);
        return Assert.Single(world.Snapshot.Learning.Questions.Values).Question;
    }

    private static Task<Answer> ClickAsync(World world, string action, string value)
    {
        var payload = $$"""{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"{{action}}","value":"{{value}}"}]}""";
        var body = "payload=" + Uri.EscapeDataString(payload);
        var timestamp = FormattableString.Invariant($"{world.Now.ToUnixTimeSeconds()}");
        return world.PostAsync("/api/slack/interactions", body, "application/x-www-form-urlencoded", ("X-Slack-Request-Timestamp", timestamp), ("X-Slack-Signature", SlackSignature.Sign(Secret, timestamp, body)));
    }
}
