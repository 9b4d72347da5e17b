using Observability.Model;
using Observability.Testing;

namespace Observability.Incidents.Tests.Learning;

/// <summary>A site where one rule is always noise and another never: what the shipped model cannot know, and its on-call says.</summary>
public sealed class ActionabilityTrainerTests
{
    private static readonly ActionabilityTraining Small = new() { Version = "v1", Stories = 200, Seed = 5 };

    [Fact]
    public void WhatPeopleSay_MakesAModelThatIsBetterOnWhatItHasNotSeen()
    {
        var trained = ActionabilityTrainer.Train(Small, Site(30, isRight: true), ActionabilityModel.Shipped());

        var (mine, its) = (trained.Card.Model.Journal!, trained.Card.Model.ParentOnJournal!);
        Assert.Equal("", trained.Refusal);
        Assert.True(mine.LogLoss < its.LogLoss, $"{mine.LogLoss} against {its.LogLoss}");
        Assert.Equal(("v1", "shipped", 18), (trained.Card.Model.Version, trained.Card.Model.Parent, mine.Examples));
    }

    [Fact]
    public void WhatTheLatestIncidentsContradict_IsRefused()
    {
        // For weeks they said one thing, and the opposite of the latest ones, which the trainer does not see.
        var trained = ActionabilityTrainer.Train(Small, Site(30, isRight: false), ActionabilityModel.Shipped());

        Assert.StartsWith("on the 9 latest labelled incidents, which it has not seen, its log loss is ", trained.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void FewLabelledIncidents_AreNotEnoughToJudgeBy() => Assert.Equal(
        "10 labelled incidents leave 3 to judge by; at least 5 are needed on either side: answer more questions",
        ActionabilityTrainer.Train(Small, Site(10, isRight: true), ActionabilityModel.Shipped()).Refusal);

    [Fact]
    public void Split_KeepsTheLatestIncidentsWhole()
    {
        var (learnt, held) = ActionabilityTrainer.Split([.. Site(30, isRight: true).Labels], Small);

        Assert.Empty(learnt.Select(label => label.IncidentId).Intersect(held.Select(label => label.IncidentId)));
        Assert.Equal((42, 18), (learnt.Count, held.Count));
        Assert.True(learnt.Max(label => label.FiredAt) < held.Min(label => label.FiredAt));
    }

    [Fact]
    public void SameData_GivesTheSameModel()
    {
        var (first, second) = (ActionabilityTrainer.Train(Small, Site(30, true), null), ActionabilityTrainer.Train(Small, Site(30, true), null));

        Assert.Equal((first.Card.Model.DataHash, first.Card.Model.Journal, first.Card.Model.Synthetic), (second.Card.Model.DataHash, second.Card.Model.Journal, second.Card.Model.Synthetic));
        Assert.NotEqual(first.Card.Model.DataHash, ActionabilityTrainer.Train(Small, Site(30, false), null).Card.Model.DataHash);
    }

    [Fact]
    public void ModelThatWouldHideRealFaults_IsRefused()
    {
        // Everything is noise, on every kind of alert that real faults raise. The stories speak against it with the same weight, so that a
        // probability comes out near a half: with a threshold there, it would hide them all.
        var examples = SyntheticIncidents.Alerts(400, SyntheticPart.Train, 77);
        var labels = examples.Where(example => example.Label).Select((example, i) => new LabelledAlert(example.Values, false, 1, 0.9)
        { IncidentId = $"INC-{i:0000}", FiredAt = Make.At(i), SaidAt = Make.At(i + 60), Thing = ("x", null) });

        var trained = ActionabilityTrainer.Train(Small with { DigestBelow = 0.6 }, new LearningData([.. labels], [], []), ActionabilityModel.Shipped());

        Assert.Contains("of the alerts of synthetic faults to the digest", trained.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Shipped_IsWhatItsCardSays()
    {
        var card = ModelShelf.Open("").CardOf(ModelVersion.Shipped)!;
        var test = SyntheticIncidents.Alerts(750, SyntheticPart.Test, card.Model.Seed + 2);
        var model = ActionabilityModel.Shipped();

        Assert.Equal(card.Model.Synthetic, FigureOf.All([.. test.Select(one => (model.Score(one.Values), one.Label, 1.0))], 0.15));
        Assert.True(card.Model.Synthetic.ActionableInDigest <= 0.01);
        Assert.True(card.Model.Synthetic.CalibrationError <= 0.03);
    }

    // Two alerts per incident: a fan that is always noise, and a queue that is always worth it; an hour and a bit apart.
    private static LearningData Site(int incidents, bool isRight)
    {
        var memory = new OnCallMemory(Fleets.View(4, 8, ("a", 0, 2)), new QuestionOptions());
        var model = ActionabilityModel.Shipped();
        var desk = 0;
        for (var i = 0; i < incidents; i++)
        {
            var isLate = i >= incidents - (int)(incidents * Small.HeldOut);
            foreach (var (name, worth) in ((string, bool)[])[("FanNoise", false), ("QueueStuck", true)])
            {
                var at = i * 4_000.0;
                var fires = Make.Fires(Make.Alert(Make.Node(i % 4), name, (FaultClass.Unknown, "warning"), at));
                memory.Score(fires, model.Score, Make.At(at));
                memory.Follow(new IncidentChange(Incident($"INC-{i:0000}", at), IncidentChangeKind.Opened, Make.At(at), "", fires));
                var question = new Question
                { Id = $"Q-{++desk:000000}", IncidentId = $"INC-{i:0000}", Fingerprint = fires.Alert.Fingerprint, AlertName = name, Summary = name, Probability = 0.5, Alike = 1, FiredAt = Make.At(at), AskedAt = Make.At(at) };
                memory.Ask(question);
                memory.Accept(new AnswerQuestion(question.Id, (worth == (isRight || isLate)) ? LabelAnswer.Yes : LabelAnswer.No) { Actor = "ann", Door = "rest", At = Make.At(at + 60) }, Make.At(at + 60));
            }
        }

        return memory.Data();
    }

    private static Incident Incident(string id, double at) => new()
    { Id = id, State = IncidentState.Open, StartedAt = Make.At(at), OpenedAt = Make.At(at), UpdatedAt = Make.At(at), Title = id, Severity = "warning" };
}
