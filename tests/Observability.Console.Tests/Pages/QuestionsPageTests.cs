using Bunit;
using Observability.Console.Pages;
using Observability.Model;

namespace Observability.Console.Tests.Pages;

public sealed class QuestionsPageTests
{
    private static readonly ModelFigures Figures = new(100, 0.5, 0.3, 0.1, 0.02, 0.9, 0.002, 0.1);

    [Fact]
    public void Quiet_SaysThatNothingIsAsked()
    {
        using var context = new ConsoleContext(Worlds.Quiet());
        Assert.Equal(["Nothing is asked now.", "Nobody has answered yet."], context.Render<QuestionsPage>().FindAll(".empty").Select(line => line.TextContent));
    }

    [Fact]
    public void Question_SaysWhatItIsAbout_AndItsAnswerGoesThroughTheDoor()
    {
        using var context = new ConsoleContext(Asked(new QuestionView(Question())));
        var page = context.Render<QuestionsPage>();
        var text = page.Find("[data-question='Q-000001']").TextContent;
        Assert.Contains("Was this worth waking someone? GpuOffBus happened", text, StringComparison.Ordinal);
        Assert.Contains("GpuOffBus on node-001/gpu3", text, StringComparison.Ordinal);
        Assert.Contains("The model gave it 42.0 % and is not sure. Your answer speaks for 7 alerts of late that look like it.", text, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
            page.FindAll("[data-question='Q-000001'] button")[i].Click();
        Assert.Equal<Command>(
            [.. Enum.GetValues<LabelAnswer>().Select(answer => new AnswerQuestion("Q-000001", answer) { Actor = "console", Door = "console", At = ConsoleContext.Now })], context.Door.Commands);
    }

    [Fact]
    public void Answer_SaysWhoGaveIt_AndCanBeGivenAgain()
    {
        using var context = new ConsoleContext(Asked(new QuestionView(Question(), LabelAnswer.No, "ann", ConsoleContext.Now)));
        var page = context.Render<QuestionsPage>();
        Assert.Empty(page.FindAll("#open [data-question]"));
        Assert.Contains("ann said: not worth waking someone", page.Find("#answered").TextContent, StringComparison.Ordinal);
        Assert.Equal([false, true, false], page.FindAll("#answered button").Select(button => button.HasAttribute("disabled")));
    }

    [Fact]
    public void IncidentPage_AsksAboutItsOwnAlerts()
    {
        using var context = new ConsoleContext(Asked(new QuestionView(Question()), new QuestionView(Question() with { Id = "Q-000002", IncidentId = "INC-000009" })));
        var page = context.Render<IncidentPage>(parameters => parameters.Add(one => one.Id, Worlds.IncidentId));
        Assert.Equal(["Q-000001"], page.FindAll("#questions [data-question]").Select(panel => panel.GetAttribute("data-question")));
        Assert.Empty(page.FindAll("#questions a"));
    }

    [Fact]
    public async Task Layout_CountsWhatIsAsked()
    {
        await using var context = new ConsoleContext(Asked(new QuestionView(Question()), new QuestionView(Question() with { Id = "Q-000002" }, LabelAnswer.Yes, "ann", ConsoleContext.Now)));
        Assert.Contains("1 asked", context.Render<MainLayout>().FindAll(".badge").Select(badge => badge.GetAttribute("aria-label")));
    }

    [Fact]
    public void Versions_AreShownWithTheirFigures_AndCanBeChosen()
    {
        using var context = new ConsoleContext(Worlds.Quiet() with { Learning = Learnt() });
        var page = context.Render<QuestionsPage>();
        Assert.Equal(["v2", "v1", "shipped"], page.FindAll("#model tbody td:first-child").Select(cell => cell.TextContent));
        Assert.Equal("0.3 (v1: 0.4)", page.FindAll("#model tbody tr")[0].Children[4].TextContent);
        Assert.Contains("v3 for schedule from 40 labels: refused, it is worse", page.Find("#model").TextContent, StringComparison.Ordinal);
        page.Find("button[aria-label='Use v1']").Click();
        page.FindAll("#model button").Single(button => button.TextContent == "Train now").Click();
        Assert.Equal<Command>(
        [
            new UseModel("v1") { Actor = "console", Door = "console", At = ConsoleContext.Now },
            new RetrainModel { Actor = "console", Door = "console", At = ConsoleContext.Now },
        ], context.Door.Commands);
    }

    [Theory]
    [InlineData("v2", 0.25, "")]
    [InlineData("v2", 0.26, "The alerts of late are no longer those that v2 was trained amid: answer what is asked, and train.")]
    [InlineData("shipped", 0.26, "The shipped model knows synthetic stories only, and the alerts here differ from them: answer what is asked, and train.")]
    public void Drift_IsSaidWhereItIsOne(string version, double index, string says)
    {
        using var context = new ConsoleContext(Worlds.Quiet() with
        {
            Learning = Learnt() with { InUse = version, Drift = new ModelDrift { Version = version, Alerts = 900, Score = 0.05, Features = [new FeatureDrift("rule_rate", index)] } },
        });
        var page = context.Render<QuestionsPage>();
        Assert.Equal(says, string.Concat(page.FindAll("#model .error").Select(line => line.TextContent.Trim())));
        Assert.Contains("rule_rate", page.Find("#drift").TextContent, StringComparison.Ordinal);
    }

    private static Question Question() => new()
    {
        Id = "Q-000001",
        IncidentId = Worlds.IncidentId,
        Fingerprint = Worlds.OffBus().Fingerprint,
        AlertName = "GpuOffBus",
        Entity = Worlds.Gpu,
        Summary = "GpuOffBus happened",
        Probability = 0.42,
        Alike = 7,
        FiredAt = Worlds.At,
        AskedAt = Worlds.At.AddMinutes(1),
    };

    private static PlatformSnapshot Asked(params QuestionView[] views) => Worlds.Failed() with
    {
        Learning = LearningView.Empty with { Questions = LearningView.Empty.Questions.AddRange(views.Select(view => KeyValuePair.Create(view.Question.Id, view))) },
    };

    private static LearningView Learnt() => LearningView.Empty with
    {
        InUse = "v2",
        InUseBy = "schedule",
        InUseSince = ConsoleContext.Now,
        Labels = 60,
        NewLabels = 20,
        Versions = [Model("v2", "v1"), Model("v1", "shipped"), Model("shipped", "")],
        Trainings = [new ModelTraining("v3", "v2", 40, "schedule", "it is worse", null, ConsoleContext.Now)],
    };

    private static ModelVersion Model(string version, string parent) => new()
    {
        Version = version,
        Parent = parent,
        Seed = 1,
        DataHash = "x",
        Split = "x",
        Synthetic = Figures,
        TrainedAt = parent.Length > 0 ? ConsoleContext.Now : null,
        Journal = parent.Length > 0 ? Figures : null,
        ParentOnJournal = parent.Length > 0 ? Figures with { LogLoss = 0.4 } : null,
    };
}
