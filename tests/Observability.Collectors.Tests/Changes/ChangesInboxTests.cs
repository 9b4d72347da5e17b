using Observability.Model;

namespace Observability.Collectors.Tests;

public sealed class ChangesInboxTests
{
    private readonly World _world = new();

    [Fact]
    public void Post_Changes_BecomeEventsAndBadOnesAreNamed()
    {
        const string good = """{"kind":"maintenance_start","at":"2026-03-01T11:59:00Z","labels":{"node":"node-003"},"text":"PSU"}""";
        var outcome = new ChangesInbox(_world, _world.Outside).Post(World.Utf8(
            $$$"""[{{{good}}},{"kind":"Bad Kind"},{"kind":"a","at":"soon"},{"kind":"a","labels":{"n":1}},{"kind":"job_stop","at":"2027-01-01T00:00:00Z"}]"""));

        Assert.Equal(
            new PushOutcome(400, 2,
                "[1].kind must be lower-case words joined by '_', for example maintenance_start; "
                + "[2].at must be an RFC 3339 time, not \"soon\"; [3].labels must be an object of strings"),
            outcome);
        Assert.Equal(
            new TelemetryEvent
            {
                At = World.Start.AddMinutes(-1),
                Source = EventSource.Change,
                Code = "change:maintenance_start",
                Raw = good,
                Labels = LabelSet.Of(("node", "node-003")),
                Fields = LabelSet.Of(("text", "PSU")),
                DedupeKey = "change:maintenance_start|{node=\"node-003\"}|2026-03-01T11:59:00.0000000+00:00",
            },
            _world.Events[0]);
        Assert.Equal(("change:job_stop", World.Start), (_world.Events[1].Code, _world.Events[1].At));
    }
}
