using Observability.Model;

namespace Observability.Incidents.Tests.Training;

public sealed class CauseTrainerTests
{
    [Fact]
    public void SameSeed_TrainsTheSameModel()
    {
        var (first, second) = (CauseTrainer.Train(240, 7), CauseTrainer.Train(240, 7));

        // ML.NET's archive holds the time it was written; what the models say is what counts.
        Assert.Equal(Scores(first), Scores(second));
        Assert.Equal(first.Calibration, second.Calibration);
        Assert.Equal(first.Report.Parts, second.Report.Parts);
        Assert.Equal((first.Report.Top1, first.Report.CalibrationError), (second.Report.Top1, second.Report.CalibrationError));
        Assert.True(first.Report.Top1 > first.Report.Baselines.Random);
    }

    [Fact]
    public void AnotherSeed_TellsOtherStories() => Assert.NotEqual(
        CauseReport.Digest(SyntheticIncidents.Generate(48, SyntheticPart.Test, 1)), CauseReport.Digest(SyntheticIncidents.Generate(48, SyntheticPart.Test, 2)));

    [Fact]
    public void Stories_TellOfEveryKindOfFault() => Assert.Equal(
        SyntheticStory.Kinds.Distinct().Where(kind => kind != FaultClass.Straggler).Order(StringComparer.Ordinal),
        SyntheticIncidents.Generate(240, SyntheticPart.Test, 3).Where(incident => incident.TrueIndex is not null).Select(incident => incident.FaultClass).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void SlowRanksWithoutAReason_HaveNobodyToBlame()
    {
        var random = new Random(5);
        var fleet = new SyntheticFleet(FleetShape.Of(SyntheticPart.Train)[2], random);

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Null(SyntheticStory.Tell(FaultClass.Straggler, fleet, random).Faults[0].Cause));
    }

    [Fact]
    public void Actionability_IsTrainedFromBothKindsOfAlerts()
    {
        var examples = SyntheticIncidents.Alerts(96, SyntheticPart.Train, 11);

        Assert.Equal([false, true], examples.Select(example => example.Label).Distinct().Order());
        Assert.NotEmpty(ActionabilityModel.Train(examples, 11));
    }

    private static double[] Scores(TrainedCauseModel trained)
    {
        var model = CauseModel.Load(new MemoryStream(trained.Model), new CauseCalibration(1, -10, 0.5));
        return [.. SyntheticIncidents.Generate(24, SyntheticPart.Test, 9).SelectMany(incident => incident.Candidates).Select(model.Score)];
    }
}
