using Observability.Model;

namespace Observability.Incidents.Tests.Learning;

public sealed class LabelLedgerTests
{
    private readonly LabelLedger _ledger = new();

    [Fact]
    public void Feedback_IsSharedByTheKindsOfAlertsOfItsIncident()
    {
        Fire(1, "Throttle", "INC-1");
        Fire(2, "Throttle", "INC-1");
        Fire(3, "StepSlow", "INC-1");
        Fire(4, "Other", "INC-2");

        _ledger.Judge("INC-1", wasUseful: true, Make.At(100));

        Assert.Equal([("StepSlow", true, 0.5), ("Throttle", true, 0.5)], Told());
        Assert.Empty(_ledger.Judge("INC-9", wasUseful: true, Make.At(100)));
    }

    [Fact]
    public void Answer_StandsBeforeTheFeedbackOfItsIncident_AndTheLastOneCounts()
    {
        Fire(1, "Throttle", "INC-1");
        Fire(3, "StepSlow", "INC-1");
        _ledger.Judge("INC-1", wasUseful: true, Make.At(100));

        _ledger.Answer(About(1, "Throttle"), LabelAnswer.Yes, Make.At(110));
        _ledger.Answer(About(1, "Throttle"), LabelAnswer.No, Make.At(120));
        Assert.Equal([("StepSlow", true, 0.5), ("Throttle", false, 1)], Told());

        _ledger.Answer(About(1, "Throttle"), LabelAnswer.Unknown, Make.At(130));
        Assert.Equal([("StepSlow", true, 0.5), ("Throttle", true, 0.5)], Told());
    }

    [Fact]
    public void AlertThatFiredAgain_KeepsTheLabelOfTheOneThatWasAskedAbout()
    {
        Fire(1, "Throttle", "INC-1", at: 0);
        Fire(1, "Throttle", "INC-2", at: 500);

        Assert.Equal("INC-1", _ledger.Answer(About(1, "Throttle"), LabelAnswer.No, Make.At(600))!.IncidentId);
    }

    [Fact]
    public void AlertThatMoved_IsJudgedWithTheIncidentItIsIn()
    {
        Fire(1, "Throttle", "INC-1");
        _ledger.Join(1, "INC-2");

        Assert.Empty(_ledger.Judge("INC-1", wasUseful: false, Make.At(100)));
        Assert.Equal("INC-2", Assert.Single(_ledger.Judge("INC-2", wasUseful: false, Make.At(100))).IncidentId);
    }

    [Fact]
    public void AlertThatIsLongGone_TeachesNothing()
    {
        Fire(1, "Throttle", "INC-1");
        for (var i = 0; i < 20_000; i++)
            Fire((ulong)(i + 10), "Noise", "INC-2");

        Assert.Null(_ledger.Answer(About(1, "Throttle"), LabelAnswer.No, Make.At(100)));
        Assert.Empty(_ledger.Judge("INC-1", wasUseful: true, Make.At(100)));
        Assert.Equal(20_000, _ledger.Alerts.Count());
    }

    private (string, bool, double)[] Told() => [.. _ledger.Labels().Select(label => (label.Thing.Rule, label.WasWorthIt, label.Weight)).Order()];

    private static Question About(ulong key, string rule) => new()
    { Id = "Q-000001", IncidentId = "INC-1", Fingerprint = key, AlertName = rule, Summary = rule, Probability = 0.5, Alike = 1, FiredAt = Make.At(0), AskedAt = Make.At(60) };

    private void Fire(ulong key, string rule, string incident, double at = 0)
    {
        _ledger.Remember(new ScoredAlert { Fingerprint = key, Rule = rule, Entity = null, Summary = rule, FiredAt = Make.At(at), Features = [], Probability = 0.5, WasReduced = false, MayMove = true });
        _ledger.Join(key, incident);
    }
}
