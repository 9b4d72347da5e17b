using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Noise;

public sealed class NoiseStageTests
{
    private readonly IncidentsOptions _options = new();

    [Fact]
    public void FourChangesWithinAnHour_AreFlappingAndStillPass()
    {
        var stage = new DampFlapping(_options);
        var alert = Make.NicLinkDown(Fleets.Nic(0, 1), 0);
        var marks = new List<int>();
        for (var change = 0; change < 5; change++)
        {
            var item = change % 2 == 0 ? Make.Fires(alert).Transition : Make.Ends(alert, change * 60).Transition;
            marks.Add(Assert.Single(stage.Process(item, Make.At(change * 60))).Marks.Length);
        }

        Assert.Equal([0, 0, 0, 1, 1], marks);
    }

    [Fact]
    public void FourChangesOverTwoHours_AreNotFlapping()
    {
        var stage = new DampFlapping(_options);
        var alert = Make.Fires(Make.NicLinkDown(Fleets.Nic(0, 1), 0)).Transition;

        Assert.All(Enumerable.Range(0, 6), change => Assert.True(Assert.Single(stage.Process(alert, Make.At(change * 1_801))).IsLoud));
    }

    [Fact]
    public void Change_IsNobodysSymptomAndGoesToNoDigest()
    {
        var (view, change) = (Fleets.View(4, 8, ("llm", 0, 2)), Make.Changed(Make.Node(0), 5, "driver"));
        var stage = new Inhibit(view);
        _ = stage.Process(Make.Fires(Make.Throttle(Fleets.Gpu(0, 1), 0)), Make.At(0)).ToArray();

        Assert.Empty(Assert.Single(stage.Process(Make.Fires(change), Make.At(5))).Marks);
        Assert.False(ScoreNoise.MayMove(change));
    }

    [Fact]
    public void Silence_MarksWhatItMatchesWhileItIsInForce()
    {
        var stage = new Silencer();
        var silence = new Silence
        {
            Id = "s1",
            Matchers = [new LabelMatcher(AlertLabel.Name, "Gpu.*", IsRegex: true)],
            StartsAt = Make.At(10),
            EndsAt = Make.At(100),
            CreatedBy = "ana",
            Comment = "known",
        };
        Assert.Empty(stage.Accept(new CreateSilence(silence) { Actor = "ana", Door = "rest", At = Make.At(0) }, Make.At(0)));
        NoiseMark[] MarksAt(Alert alert, double at) => [.. Assert.Single(stage.Process(Make.Fires(alert), Make.At(at))).Marks];
        var gpu = Make.Vanished(Fleets.Gpu(0, 0), 0);

        Assert.Empty(MarksAt(gpu, 9));
        Assert.Equal([new NoiseMark(NoiseReason.Silenced, "s1", "silenced by ana: known")], MarksAt(gpu, 10));
        Assert.Empty(MarksAt(Make.NicLinkDown(Fleets.Nic(0, 0), 0), 50));
        Assert.Empty(stage.Advance(Make.At(100)));
        Assert.Empty(MarksAt(gpu, 100));
    }

    [Fact]
    public void ExpiredSilence_MarksNothingMore()
    {
        var stage = new Silencer();
        var silence = new Silence { Id = "s1", Matchers = [new LabelMatcher(AlertLabel.Name, "GpuVanished")], StartsAt = Make.At(0), EndsAt = Make.At(100), CreatedBy = "ana", Comment = "" };
        _ = stage.Accept(new CreateSilence(silence) { Actor = "ana", Door = "rest", At = Make.At(0) }, Make.At(0));
        _ = stage.Accept(new ExpireSilence("s1") { Actor = "ana", Door = "rest", At = Make.At(1) }, Make.At(1));

        Assert.True(Assert.Single(stage.Process(Make.Fires(Make.Vanished(Fleets.Gpu(0, 0), 0)), Make.At(2))).IsLoud);
    }

    [Fact]
    public void SymptomBelowACause_IsInhibitedByNodeAndByJob()
    {
        var stage = new Inhibit(Fleets.View(4, 8, ("a", 0, 2), ("b", 2, 2)));
        string ReasonOf(Alert alert) => string.Join(";", Assert.Single(stage.Process(Make.Fires(alert), Make.At(1))).Marks.Select(mark => $"{mark.Reason}: {mark.Detail}"));

        Assert.Equal("", ReasonOf(Make.Xid79(Fleets.Gpu(0, 3), 0)));
        Assert.Equal("Inhibited: below xid:79 on node-000/gpu3", ReasonOf(Make.Stalled("a", 40)));
        Assert.Equal("Inhibited: below xid:79 on node-000/gpu3", ReasonOf(Make.NicLinkDown(Fleets.Nic(0, 5), 40)));
        Assert.Equal("", ReasonOf(Make.Stalled("b", 40)));
        // A second cause is a fault of its own.
        Assert.Equal("", ReasonOf(Make.Vanished(Fleets.Gpu(0, 4), 40)));
    }

    [Fact]
    public void CauseHasEnded_InhibitsNothingMore()
    {
        var stage = new Inhibit(Fleets.View(2, 8, ("a", 0, 2)));
        var cause = Make.Throttle(Fleets.Gpu(0, 3), 0);
        _ = stage.Process(Make.Fires(cause), Make.At(0)).ToArray();
        _ = stage.Process(Make.Ends(cause, 10), Make.At(10)).ToArray();

        Assert.True(Assert.Single(stage.Process(Make.Fires(Make.StepSlow("a", 20)), Make.At(20))).IsLoud);
    }

    [Fact]
    public void Maintenance_InhibitsEvenCausesOnItsNode()
    {
        var stage = new Inhibit(Fleets.View(2));
        _ = stage.Process(Make.Fires(Make.Maintenance(Make.Node(0), 0)), Make.At(0)).ToArray();

        Assert.Equal(NoiseReason.Inhibited, Assert.Single(Assert.Single(stage.Process(Make.Fires(Make.Vanished(Fleets.Gpu(0, 1), 9)), Make.At(9))).Marks).Reason);
        Assert.True(Assert.Single(stage.Process(Make.Fires(Make.Vanished(Fleets.Gpu(1, 1), 9)), Make.At(9))).IsLoud);
    }

    [Fact]
    public void SilentMonitor_InhibitsNothingOfTheJobOnItsNode()
    {
        var stage = new Inhibit(Fleets.View(2, 8, ("a", 0, 2)));
        _ = stage.Process(Make.Fires(Make.Silent(Make.Monitor(0), 0)), Make.At(0)).ToArray();

        Assert.True(Assert.Single(stage.Process(Make.Fires(Make.Stalled("a", 40)), Make.At(40))).IsLoud);
    }

    [Fact]
    public void ImprobableSymptom_GoesToTheDigestAndIsNeverDropped()
    {
        // Below every probability but certainty: the rule, not the model, is what is tried here.
        var stage = new ScoreNoise(new IncidentsOptions { DigestBelow = 1 }, new OnCallMemory(new TopologyView(), new QuestionOptions()), ModelShelf.Open(""));
        ScreenedAlert Score(Alert alert) => Assert.Single(stage.Process(Make.Fires(alert), Make.At(0)));

        var symptom = Score(Make.StepSlow("a", 0));
        var critical = Score(Make.Stalled("a", 0));
        var cause = Score(Make.Throttle(Fleets.Gpu(0, 0), 0));

        Assert.Equal([NoiseReason.Digest], symptom.Marks.Select(mark => mark.Reason));
        Assert.True(critical.IsLoud && cause.IsLoud);
        Assert.All([symptom, critical, cause], one => Assert.InRange(one.Actionability, 0, 1));
    }

    [Fact]
    public void ShippedActionability_RanksACauseAboveARemark()
    {
        double Score(Alert alert) => Assert.Single(new ScoreNoise(_options, new OnCallMemory(Fleets.View(2), new QuestionOptions()), ModelShelf.Open("")).Process(Make.Fires(alert), Make.At(0))).Actionability;

        Assert.True(Score(Make.Xid79(Fleets.Gpu(0, 0), 0)) > Score(Make.Alert(Fleets.Gpu(0, 0), "GpuEccSingleBitRate", (FaultClass.EccContained, "info"), 0)));
    }
}
