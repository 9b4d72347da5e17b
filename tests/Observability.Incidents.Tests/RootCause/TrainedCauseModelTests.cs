namespace Observability.Incidents.Tests;

public sealed class TrainedCauseModelTests
{
    [Theory]
    [InlineData(0.95, 400, null, false)]
    [InlineData(0.95, 400, 0.94, false)]
    // Two standard errors of 0.95 over 400 are 0.0218.
    [InlineData(0.95, 400, 0.97, false)]
    [InlineData(0.95, 400, 0.98, true)]
    [InlineData(0.95, 10_000, 0.97, true)]
    public void Refusal_IsForAModelThatIsWorseByMoreThanChance(double top1, int judged, double? before, bool refused)
    {
        var trained = new TrainedCauseModel([], [], Report(top1, judged), before);

        Assert.Equal(refused, trained.Refusal.Length > 0);
    }

    [Fact]
    public void Refusal_SaysBothAndOnHowMany() => Assert.Equal(
        "the new model is right at once on 90.0 % of 1000 judgements, the one before it on 98.0 % of the same",
        new TrainedCauseModel([], [], Report(0.9, 1_000), 0.98).Refusal);

    [Fact]
    public void Train_BesideAModelOfTheSame_IsAsGoodAsThat()
    {
        var first = CauseTrainer.Train(400, 7);
        using var stream = new MemoryStream(first.Model);
        var again = CauseTrainer.Train(400, 7, CauseModel.Load(stream, System.Text.Json.JsonSerializer.Deserialize<CauseCalibration>(first.Calibration)!));

        Assert.Null(first.Before);
        Assert.Equal(first.Report.Top1, again.Before!.Value, 12);
        Assert.Equal("", again.Refusal);
    }

    private static CauseReport Report(double top1, int judged) => new()
    {
        Data = "",
        Parts = [],
        Seed = 1,
        Judged = judged,
        Top1 = top1,
        Top3 = 1,
        Baselines = new CauseBaselines(0, 0, 0, 0),
        CalibrationError = 0,
        AbstainBelow = 0.5,
        Answered = 1,
        AnsweredRight = 1,
        Nobody = 0,
        NobodyAbstained = 0,
        Classes = [],
    };
}
