namespace Observability.Incidents.Tests.RootCause;

public sealed class CauseCalibrationTests
{
    [Fact]
    public void Probabilities_AreASoftmaxWithAShareForNobody()
    {
        var probabilities = new CauseCalibration(1, 0, 0.5).Probabilities([1, 0]);

        Assert.Equal(Math.E / (Math.E + 2), probabilities[0], 9);
        Assert.Equal(1 / (Math.E + 2), probabilities[1], 9);
    }

    [Fact]
    public void NoCandidates_NoProbabilities() => Assert.Empty(new CauseCalibration(1, 0, 0.5).Probabilities([]));

    [Fact]
    public void ScoresThatAreAlwaysRight_GiveLowThresholdAndHighProbability()
    {
        var calibration = CauseCalibration.Fit([.. Enumerable.Range(0, 50).Select(_ => ((IReadOnlyList<double>)[4.0, -2.0], (int?)0))]);

        Assert.Equal(0.4, calibration.AbstainBelow);
        Assert.True(calibration.Probabilities([4, -2])[0] > 0.99);
    }

    [Fact]
    public void ScoresThatAreRightHalfOfTheTime_GiveHalfAProbabilityAndNoAnswers()
    {
        var calibration = CauseCalibration.Fit([.. Enumerable.Range(0, 200).Select(i => ((IReadOnlyList<double>)[2.0], i % 2 == 0 ? (int?)0 : null))]);

        Assert.Equal(0.5, calibration.Probabilities([2])[0], 0.03);
        Assert.Equal(0.95, calibration.AbstainBelow);
    }

    [Fact]
    public void CalibrationFileWithoutAThreshold_IsRefused() => Assert.Throws<System.Text.Json.JsonException>(
        () => System.Text.Json.JsonSerializer.Deserialize<CauseCalibration>("""{"Temperature":1,"NoneScore":0}"""));
}
