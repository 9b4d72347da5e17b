using Observability.Incidents;
using Observability.Model;

namespace Observability.Server.Tests;

public sealed class CommandRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OneSilenceTooMany_IsRefusedUntilAnotherHasEnded()
    {
        var empty = PlatformSnapshot.Empty(Now);
        var full = empty with { Silences = empty.Silences.AddRange(Enumerable.Range(0, Silences.Maximum).Select(n => KeyValuePair.Create($"s{n}", Silence($"s{n}")))) };

        Assert.StartsWith("silences: 10000 have not ended", Refusal(full, "one more"), StringComparison.Ordinal);
        Assert.Null(Refusal(full, "s7"));
        Assert.Null(Refusal(full with { Silences = full.Silences.SetItem("s7", Silence("s7") with { EndsAt = Now }) }, "one more"));
    }

    private static string? Refusal(PlatformSnapshot snapshot, string id) =>
        CommandRules.Refusal(new CreateSilence(Silence(id)) { Actor = "ana", Door = "rest", At = Now }, snapshot, Now);

    private static Silence Silence(string id) => new()
    {
        Id = id,
        Matchers = [new LabelMatcher("node", id)],
        StartsAt = Now,
        EndsAt = Now.AddHours(1),
        CreatedBy = "ana",
        Comment = "part is ordered",
    };
}
