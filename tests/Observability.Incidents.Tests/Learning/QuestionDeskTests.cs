using Observability.Model;

namespace Observability.Incidents.Tests.Learning;

public sealed class QuestionDeskTests
{
    private static readonly HashSet<(string, EntityId?)> Nothing = [];
    private readonly QuestionDesk _desk = new(new QuestionOptions { PerDay = 2, Gap = TimeSpan.FromMinutes(10) });

    [Fact]
    public void Asks_WhereTheModelKnowsLeast() =>
        Assert.Equal("Unsure", Ask([Alert("Sure", 0.93), Alert("Unsure", 0.5), Alert("Rather", 0.8)])!.AlertName);

    [Fact]
    public void AmongEquallyUnsure_AsksAboutWhatComesMost()
    {
        var asked = Ask([Alert("Rare", 0.5, kind: 3), Alert("Often", 0.5, kind: 0), Alert("Often", 0.5, kind: 0, node: 1), Alert("Often", 0.5, kind: 0, node: 2)])!;

        Assert.Equal(("Often", 3), (asked.AlertName, asked.Alike));
    }

    [Fact]
    public void WhatLooksLikeSomethingAsked_WaitsBehindWhatDoesNot()
    {
        ScoredAlert[] pool = [Alert("Often", 0.5), Alert("LikeIt", 0.5, node: 1), Alert("LikeIt", 0.5, node: 2), Alert("Rare", 0.5, kind: 3), Alert("Rare", 0.5, kind: 3, node: 1)];
        Take(Ask(pool)!, pool);

        Assert.Equal("Rare", Ask(pool, minutes: 20)!.AlertName);
    }

    [Fact]
    public void SameThing_IsNeverAskedTwice()
    {
        ScoredAlert[] pool = [Alert("Often", 0.5)];
        Take(Ask(pool)!, pool);

        // Neither now nor in a month, when it fires anew; on another entity a week later.
        const double week = (7 * 24 * 60) + 1;
        Assert.Null(Ask(pool, minutes: 20));
        Assert.Null(Ask([Alert("Often", 0.5, minutes: 5 * week)], minutes: 5 * week));
        Assert.Null(Ask([Alert("Often", 0.5, node: 1, minutes: week - 1)], minutes: week - 1));
        Assert.NotNull(Ask([Alert("Often", 0.5, node: 1, minutes: week)], minutes: week));
    }

    [Fact]
    public void Day_HasItsNumberAndQuestionsTheirGap()
    {
        ScoredAlert[] pool = [Alert("A", 0.5), Alert("B", 0.45), Alert("C", 0.4)];
        Take(Ask(pool)!, pool);
        Assert.Null(Ask(pool, minutes: 10));
        Take(Ask(pool, minutes: 11)!, pool);

        Assert.Null(Ask(pool, minutes: 60));
        Assert.Null(Ask([Alert("C", 0.5, minutes: 24 * 60)], minutes: 24 * 60));
        var tomorrow = Ask([Alert("C", 0.5, minutes: 24 * 60)], minutes: (24 * 60) + 1)!;
        Assert.Equal(("Q-000003", "C"), (tomorrow.Id, tomorrow.AlertName));
    }

    [Fact]
    public void NobodyIsAsked_AboutWhatIsSureReducedForgottenOrSaidAlready()
    {
        Assert.Null(Ask([Alert("Sure", 0.95), Alert("Surely not", 0.05)]));
        Assert.Null(Ask([Alert("Silenced", 0.5, reduced: true)]));
        Assert.Null(Ask([Alert("Critical", 0.5, mayMove: false)]));
        Assert.Null(Ask([Alert("Old", 0.5)], minutes: (12 * 60) + 1));
        Assert.Null(_desk.Choose([Alert("Judged", 0.5)], new HashSet<(string, EntityId?)> { ("Judged", Make.Node(0)) }, Make.At(60)));
        Assert.Null(new QuestionDesk(new QuestionOptions { PerDay = 0 }).Choose([Alert("A", 0.5)], Nothing, Make.At(60)));
        var waits = Alert("Not in an incident yet", 0.5);
        waits.IncidentId = "";
        Assert.Null(Ask([waits]));
    }

    private Question? Ask(ScoredAlert[] pool, double minutes = 1) => _desk.Choose(pool, Nothing, Make.At(minutes * 60));

    private void Take(Question question, ScoredAlert[] pool) => _desk.Remember(question, pool.Single(alert => alert.Fingerprint == question.Fingerprint).Features);

    private static ScoredAlert Alert(string rule, double probability, int kind = 0, int node = 0, bool reduced = false, bool mayMove = true, double minutes = 0) => new()
    {
        Fingerprint = (ulong)HashCode.Combine(rule, node) & 0xffff_ffff,
        Rule = rule,
        Entity = Make.Node(node),
        Summary = rule,
        FiredAt = Make.At(minutes * 60),
        Features = [kind, 0],
        Probability = probability,
        WasReduced = reduced,
        MayMove = mayMove,
        IncidentId = "INC-1",
    };
}
