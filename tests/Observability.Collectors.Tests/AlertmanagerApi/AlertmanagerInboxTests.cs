using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class AlertmanagerInboxTests
{
    private readonly World _world = new();

    [Fact]
    public void Post_MinimalAlert_FiresUntilTheResolveTimeout()
    {
        var outcome = Inbox().PostAlerts(World.Utf8("""[{"labels":{"alertname":"X","gone":""},"annotations":{"summary":"s"},"generatorURL":"http://g"}]"""));

        Assert.Equal(new PushOutcome(200, 1, ""), outcome);
        Assert.Equal(
            new Alert
            {
                Labels = LabelSet.Of(("alertname", "X")),
                Annotations = LabelSet.Of(("summary", "s")),
                State = AlertState.Firing,
                StartsAt = World.Start,
                UpdatedAt = World.Start,
                EndsAt = World.Start.AddMinutes(5),
                Origin = AlertOrigin.External,
                GeneratorUrl = "http://g",
            },
            Assert.Single(_world.Alerts));
    }

    [Fact]
    public void Post_SomeInvalid_StoresTheValidAndNamesTheOthers()
    {
        var outcome = Inbox().PostAlerts(World.Utf8(
            """[{"labels":{}},{"labels":{"alertname":"X"}},{"labels":{"a":3}},{"labels":{"a":""}},{"labels":{"a":"b"},"startsAt":"2026-03-01T12:00:00Z","endsAt":"2026-03-01T11:00:00Z"},{"labels":{"a":"b"},"startsAt":"soon"},7]"""));

        Assert.Equal(
            new PushOutcome(400, 1,
                "alerts[0]: at least one label with a value is required; alerts[2]: labels.a must be a string, not 3; "
                + "alerts[3]: at least one label with a value is required; "
                + "alerts[4]: endsAt 2026-03-01T11:00:00.0000000+00:00 is before startsAt 2026-03-01T12:00:00.0000000+00:00; "
                + "alerts[5]: startsAt and endsAt must be RFC 3339 times; alerts[6] must be an object"),
            outcome);
        Assert.Equal(["X"], _world.Alerts.Select(alert => alert.Name));
    }

    [Theory]
    [InlineData("{}", "the body must be a JSON list of alerts")]
    [InlineData("[", "the body is not JSON: ")]
    public void Post_NoList_Is400(string body, string error)
    {
        var outcome = Inbox().PostAlerts(World.Utf8(body));

        Assert.Equal(400, outcome.Status);
        Assert.StartsWith(error, outcome.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Post_Again_KeepsTheEarliestStartAndResolves()
    {
        var inbox = Inbox();
        inbox.PostAlerts(World.Utf8("""[{"labels":{"alertname":"X"},"startsAt":"2026-03-01T11:58:00Z"}]"""));
        _world.Clock.Advance(TimeSpan.FromMinutes(1));
        inbox.PostAlerts(World.Utf8("""[{"labels":{"alertname":"X"},"startsAt":"2026-03-01T12:00:30Z"}]"""));
        inbox.PostAlerts(World.Utf8("""[{"labels":{"alertname":"X"},"startsAt":"2026-03-01T12:00:30Z","endsAt":"2026-03-01T12:00:50Z"}]"""));

        Assert.Equal(
            ["Firing 11:58:00 12:05:00", "Firing 11:58:00 12:06:00", "Resolved 11:58:00 12:00:50"],
            _world.Alerts.Select(alert => $"{alert.State} {alert.StartsAt:HH:mm:ss} {alert.EndsAt:HH:mm:ss}"));
    }

    [Fact]
    public void Advance_SenderFellSilent_ResolvesOnce()
    {
        var inbox = Inbox();
        inbox.PostAlerts(World.Utf8("""[{"labels":{"alertname":"X"}}]"""));
        inbox.Advance(World.Start.AddMinutes(4));
        inbox.Advance(World.Start.AddMinutes(5));
        inbox.Advance(World.Start.AddMinutes(6));

        Assert.Equal([AlertState.Firing, AlertState.Resolved], _world.Alerts.Select(alert => alert.State));
    }

    [Fact]
    public void Webhook_FiringAndResolved_BecomeAlerts()
    {
        var outcome = Inbox().PostWebhook(World.Utf8(
            """{"version":"4","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A"},"startsAt":"2026-03-01T11:00:00Z","endsAt":"0001-01-01T00:00:00Z"},{"status":"resolved","labels":{"alertname":"B"},"startsAt":"2026-03-01T11:00:00Z","endsAt":"2026-03-01T11:30:00Z"},{"status":"odd","labels":{"alertname":"C"}}]}"""));

        Assert.Equal(new PushOutcome(400, 2, "alerts[2].status must be firing or resolved"), outcome);
        Assert.Equal(["A Firing ", "B Resolved 11:30"], _world.Alerts.Select(alert => $"{alert.Name} {alert.State} {alert.EndsAt:HH:mm}"));
        Assert.Equal(400, Inbox().PostWebhook(World.Utf8("""{"version":"3","alerts":[]}""")).Status);
    }

    [Fact]
    public void Post_PipelineIsFull_Answers503AndARepeatIsTaken()
    {
        var inbox = Inbox();
        var body = World.Utf8("""[{"labels":{"alertname":"A"}},{"labels":{"alertname":"B"}},{"labels":{"alertname":"C"}}]""");
        _world.AlertRoom = 1;
        var full = inbox.PostAlerts(body);
        _world.AlertRoom = int.MaxValue;
        var again = inbox.PostAlerts(body);

        Assert.Equal(new PushOutcome(503, 1, "the pipeline has no room for 2 of the alerts; send the body again"), full);
        Assert.Equal(new PushOutcome(200, 3, ""), again);
        Assert.Equal(["A", "A", "B", "C"], _world.Alerts.Select(alert => alert.Name));
    }

    [Fact]
    public void Advance_PipelineIsFull_ResolvesLater()
    {
        var inbox = Inbox();
        inbox.PostAlerts(World.Utf8("""[{"labels":{"alertname":"X"}}]"""));
        _world.AlertRoom = 1;
        inbox.Advance(World.Start.AddMinutes(5));
        _world.AlertRoom = int.MaxValue;
        inbox.Advance(World.Start.AddMinutes(6));

        Assert.Equal([AlertState.Firing, AlertState.Resolved], _world.Alerts.Select(alert => alert.State));
    }

    private AlertmanagerInbox Inbox() => new(_world, new AlertmanagerOptions(), _world.Outside);
}
